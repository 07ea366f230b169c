"""Render the files of an entity."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runner.scaffolding.column_types import Column, Parent
from runner.scaffolding.naming import in_words, singular
from runner.scaffolding.starting_rules import Rule

PROVENANCE = (*("_dataset", "_record_key", "_record_id", "_batch_id", "_worker_id", "_checksum"),)
"""Columns that identify the source record of a row of a mart."""
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_TEXT = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
"""Plain words that YAML, in one of its versions, does not read as text."""


@dataclass(frozen=True)
class NewEntity:
    """A declared entity.

    Attributes:
        format: Format of its files, `meta: format`; empty if their names are enough.
        amount: The column whose total is reconciled from layer to layer; None for none.
    """

    name: str
    keys: tuple[str, ...]
    version: str | None
    parents: tuple[Parent, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    format: Mapping[str, Any]
    amount: str | None

    @property
    def words(self) -> str:
        """Its name in prose, capitalized: Order lines."""
        return in_words(self.name).capitalize()

    @property
    def one(self) -> str:
        """Its singular: order line."""
        return in_words(singular(self.name))


def file_names(name: str) -> tuple[str, ...]:
    """Names of the files of an entity."""
    layers = ("landing", "raw", "base", "stg", "candidate_fct", "fct")
    return (f"{name}.yml", *(f"{layer}_{name}.sql" for layer in layers))


def files_of(entity: NewEntity) -> dict[str, str]:
    """The files of an entity, by name."""
    parents = ", ".join(f"'{parent.name}'" for parent in entity.parents)
    base = f"trustgate.base({f'parents=[{parents}]' if parents else ''})"
    texts = (
        declaration(entity),
        "{{ trustgate.landing() }}\n",
        "{{ trustgate.raw() }}\n",
        f"{{{{ {base} }}}}\n",
        "{{ trustgate.stg() }}\n",
        _candidate(entity),
        "{{ trustgate.mart() }}\n",
    )
    return dict(zip(file_names(entity.name), texts, strict=True))


def _candidate(entity: NewEntity) -> str:
    name, keys = entity.name, list(entity.keys)
    others = [column.name for column in entity.columns if column.name not in keys]
    selected = [
        *keys,
        *PROVENANCE,
        *others,
        *("dq_status", "dq_score", "'NOT_RECONCILED' as reconciliation_status"),
        "null::timestamptz as reconciled_at",
    ]
    key = f"'{keys[0]}'" if len(keys) == 1 else f"[{', '.join(map(repr, keys))}]"
    lines = [
        f"{{#- {entity.words} as they would be published: the latest good version of each. -#}}",
        f"{{{{ trustgate.candidate(of='{name}', key={key}) }}}}",
        "",
        "select",
        *(f"    {column}," for column in selected[:-1]),
        f"    {selected[-1]}",
        f"from {{{{ trustgate.promoted('{name}') }}}} as {name}",
    ]
    return "\n".join(lines) + "\n"


def declaration(entity: NewEntity) -> str:
    """YAML of an entity: key, rules, columns, and the descriptions of its layers."""
    name, one, words = entity.name, entity.one, entity.words
    key = ", ".join(f"`{key}`" for key in entity.keys)
    models = {
        f"landing_{name}": (
            f"{words} of loads that raw has not taken yet, all text. Grain: one row per record of "
            "a batch."
        ),
        f"raw_{name}": (
            f"Every {one} ever received, as received. Grain: one row per record received "
            "(`_record_id`)."
        ),
        f"base_{name}": (
            f"Every {one} received, typed, with its verdict. Grain: one row per record received "
            "(`_record_id`)."
        ),
        f"stg_{name}": (
            f"The latest good version of each {one}, all datasets. Grain: one row per {one} and "
            "dataset."
        ),
        f"candidate_fct_{name}": (
            f"{words} as they would be published. Grain: one row per {one} ({key})."
        ),
        f"fct_{name}": f"{words}, published. Grain: one row per {one} ({key}).",
    }
    lines = ["version: 2", "", "models:"]
    for model, description in models.items():
        lines += [f"  - name: {model}", f'    description: "{description}"']
        if model == f"base_{name}":
            lines += [f"    {line}" for line in _base(entity)]
    return "\n".join(lines) + "\n"


def _base(entity: NewEntity) -> list[str]:
    meta = [f"entity: {entity.name}", f"key: {_value(_one_or_all(entity.keys))}"]
    if entity.version:
        meta.append(f"version: {entity.version}")
    if entity.amount:
        meta.append(f"amount: {entity.amount}")
    if entity.format:
        meta.append(f"format: {_value(entity.format)}")
    meta.append("unknown_columns: keep")
    if declared := {column.name: column.declared for column in entity.columns if column.declared}:
        meta += ["formats:", *(f"  {name}: {_value(how)}" for name, how in declared.items())]
    if entity.parents:
        meta += ["joins:", *map(_join, _aliases(entity.parents), entity.parents)]
    meta += ["# Checks, and what each may say: docs/rules.md.", "rules:"]
    return [
        *("config:", "  meta:"),
        *(f"    {line}" for line in meta),
        *(f"      {_rule(rule)}" for rule in entity.rules),
        *("data_tests:", "  - trustgate.rule_examples"),
        "columns:",
        *(f"  - {_column(entity, column)}" for column in entity.columns),
    ]


def _aliases(parents: Sequence[Parent]) -> list[str]:
    """Names of the parents in expressions: `parent`, or their names if there are several."""
    return ["parent"] if len(parents) == 1 else [parent.name for parent in parents]


def _join(alias: str, parent: Parent) -> str:
    to = {"to": f"stg_{parent.name}", "field": parent.key, "column": parent.key}
    return f"  {alias}: {_value(to)}"


def _rule(rule: Rule) -> str:
    arguments = dict(rule.arguments)
    column = {"column": arguments.pop("column")} if "column" in arguments else {}
    text = f"- {_value({'id': rule.id, **column, 'check': rule.check, **arguments})}"
    return f"# {text}" if rule.is_proposed else text


def _column(entity: NewEntity, column: Column) -> str:
    described = _described(entity, column)
    return _value(
        {
            "name": column.name,
            "data_type": column.type,
            **({"description": described} if described else {}),
        }
    )


def _described(entity: NewEntity, column: Column) -> str:
    """Description of a column, as far as it is known."""
    if column.name in entity.keys:
        what = "Business key" if len(entity.keys) == 1 else "Part of the business key"
        return f"{what} of the {entity.one}."
    if column.name == entity.version:
        return f"When the source last changed the {entity.one}; orders the versions of one key."
    for parent in entity.parents:
        if column.name == parent.key:
            return f"The {in_words(singular(parent.name))} that the {entity.one} belongs to."
    return ""


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _value(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_value(str(key))}: {_value(one)}" for key, one in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    # JSON is YAML.
    return json.dumps(value, ensure_ascii=False)
