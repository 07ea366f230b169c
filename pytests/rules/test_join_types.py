"""Rules look parents up by keys of any type, through columns of the same type and of others.

One child entity refers to parents with keys of several types. Its records are evaluated, then the
parents that were missing arrive.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import pytest

from ..conftest import MakePipeline
from ..pipeline import Pipeline

CODE = "0a1b2c3d-0000-4000-8000-00000000000{}"
PARENTS: dict[str, tuple[str, dict[str, str], tuple[str, str, str]]] = {
    "numbers": ("number", {"number": "integer", "twin": "bigint"}, ("7", "8", "9")),
    "counts": ("count_id", {"count_id": "bigint"}, ("7000000000", "8", "9")),
    "codes": ("code", {"code": "uuid"}, (CODE.format(7), CODE.format(8), CODE.format(9))),
    "days": ("day", {"day": "date"}, ("2026-01-07", "2026-01-08", "2026-01-09")),
    "prices": ("price", {"price": "numeric(12,2)"}, ("7.50", "8", "9")),
    "labels": ("label", {"label": "text"}, ("7", "8", "9")),
}
"""Parents: key, typed columns, and the key's values of a record that comes first, of one that comes
later and of one that is quarantined; other columns have the same values."""

COLUMNS: dict[str, tuple[str, str, str]] = {
    "number": ("integer", "numbers", "number"),
    "number_as_text": ("text", "numbers", "number"),
    "number_as_bigint": ("bigint", "numbers", "number"),
    "number_as_amount": ("numeric(12,2)", "numbers", "number"),
    "twin": ("bigint", "numbers", "twin"),
    "twin_as_text": ("text", "numbers", "twin"),
    "twin_as_integer": ("integer", "numbers", "twin"),
    "count_id": ("bigint", "counts", "count_id"),
    "count_as_text": ("text", "counts", "count_id"),
    "count_as_number": ("numeric", "counts", "count_id"),
    "code": ("uuid", "codes", "code"),
    "code_as_text": ("text", "codes", "code"),
    "day": ("date", "days", "day"),
    "day_as_text": ("text", "days", "day"),
    "price": ("numeric(12,2)", "prices", "price"),
    "price_in_mills": ("numeric(14,3)", "prices", "price"),
    "label": ("text", "labels", "label"),
    "label_as_integer": ("integer", "labels", "label"),
}
"""Columns of the child: type, parent and field."""

RULES = frozenset(f"{column}_known" for column in COLUMNS)
LOADED_AT = datetime(2026, 2, 1, tzinfo=timezone.utc)
DATASET = "joined"


@dataclass(frozen=True)
class Verdicts:
    """Of each child, by its id: broken rules and details, before and after parents arrived."""

    before: Mapping[str, tuple[frozenset[str], dict[str, list[str]]]]
    after: Mapping[str, tuple[frozenset[str], dict[str, list[str]]]]


def parent_meta(name: str) -> dict[str, Any]:
    key, _, values = PARENTS[name]
    quarantined = {"id": "is_whole", "expression": f"received.{key} <> '{values[2]}'"}
    return {"entity": name, "key": key, "rules": [quarantined]}


def child_meta() -> dict[str, Any]:
    rules: list[dict[str, Any]] = [
        {
            "id": f"{column}_known",
            "column": column,
            "check": "relationships",
            "to": f"stg_{parent}",
            "field": field,
        }
        for column, (_, parent, field) in COLUMNS.items()
    ]
    rules.append({"id": "twins_agree", "expression": "of_text.twin = twin and of_code.code = code"})
    joins = {
        "of_text": {"to": "stg_numbers", "field": "number", "column": "number_as_text"},
        "of_code": {"to": "stg_codes", "field": "code", "column": "code_as_text"},
    }
    return {"entity": "children", "key": "child_id", "joins": joins, "rules": rules}


def add_entities(pipeline: Pipeline) -> None:
    columns = {name: typed for name, (_, typed, _) in PARENTS.items()}
    columns["children"] = {"child_id": "text", **{name: use[0] for name, use in COLUMNS.items()}}
    models = []
    for name, typed in columns.items():
        models.append(
            {
                "name": f"base_{name}",
                "config": {"meta": child_meta() if name == "children" else parent_meta(name)},
                "columns": [{"name": column, "data_type": typed[column]} for column in typed],
            }
        )
        parents = list(PARENTS) if name == "children" else []
        for layer in ("landing", "raw", "base", "stg"):
            arguments = f"parents={parents}" if layer == "base" and parents else ""
            text = f"{{{{ trustgate.{layer}({arguments}) }}}}"
            pipeline.write(f"models/joined/{layer}_{name}.sql", text)
    pipeline.write("models/joined/joined.yml", json.dumps({"version": 2, "models": models}))


def child(name: str, place: int) -> tuple[str, ...]:
    """A child of the parents at a place; empty beyond the last."""
    values = ["" if place > 2 else PARENTS[parent][2][place] for _, parent, _ in COLUMNS.values()]
    return (name, *values)


def evaluated(pipeline: Pipeline) -> dict[str, tuple[frozenset[str], dict[str, list[str]]]]:
    found = pipeline.query("select child_id, _dq_failed, _dq_details from staging.base_children")
    return {name: (frozenset(failed or ()), details) for name, failed, details in found}


@pytest.fixture(scope="module")
def verdicts(make_pipeline: MakePipeline) -> Verdicts:
    pipeline = make_pipeline(DATASET)
    add_entities(pipeline)
    pipeline.runs("run", "--select", "tag:intake")
    for name, (_, typed, values) in PARENTS.items():
        records = [(1, [values[0]] * len(typed)), (2, [values[2]] * len(typed))]
        pipeline.load(name, records, f"{name}_first", LOADED_AT)
    names = ("found", "late", "quarantined", "empty")
    children = [(place + 1, child(name, place)) for place, name in enumerate(names)]
    pipeline.load("children", children, "children", LOADED_AT)
    pipeline.runs("run", "--select", "path:models/joined", "--exclude", "tag:intake")
    before = evaluated(pipeline)
    for name, (_, typed, values) in PARENTS.items():
        pipeline.load(name, [(1, [values[1]] * len(typed))], f"{name}_second", LOADED_AT)
    pipeline.runs("run", "--select", "path:models/joined", "--exclude", "tag:intake")
    return Verdicts(before, evaluated(pipeline))


def test_a_child_whose_parents_are_there_passes(verdicts: Verdicts) -> None:
    assert verdicts.before["found"][0] == frozenset()


def test_a_child_without_references_passes(verdicts: Verdicts) -> None:
    assert verdicts.before["empty"][0] == frozenset()


def test_a_child_whose_parents_are_missing_fails_every_rule(verdicts: Verdicts) -> None:
    assert verdicts.before["late"][0] == RULES


def test_a_child_passes_once_its_parents_arrive(verdicts: Verdicts) -> None:
    assert verdicts.after["late"][0] == frozenset()


def test_a_quarantined_parent_is_named(verdicts: Verdicts) -> None:
    failed, details = verdicts.after["quarantined"]
    assert failed == RULES
    for column, (_, parent, _) in COLUMNS.items():
        value, note = details[f"{column}_known"]
        assert value == PARENTS[parent][2][2]
        assert note.startswith(f"{parent} ")
        assert note.endswith(" was received and is quarantined")
