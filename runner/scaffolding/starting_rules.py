"""The first rules of an entity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runner.scaffolding.column_types import TIMES, Column, Parent
from runner.scaffolding.naming import rule_name, singular

_AHEAD = re.compile(r"(?:.*_)?(?:due|expir|until|valid|plan|expect|schedul|maturity|end).*")
"""Names of times that can be in the future."""


@dataclass(frozen=True)
class Rule:
    """A rule of the new entity, as its YAML declares it.

    Attributes:
        is_proposed: Whether it is written as a comment, for a user who knows the data.
    """

    id: str
    check: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    is_proposed: bool = False


def suggested_rules(
    entity: str,
    columns: Sequence[Column],
    keys: Sequence[str],
    version: str | None,
    parents: Sequence[Parent],
) -> list[Rule]:
    """Rules derived from key, version, parents and types, which the sample passes."""
    rules = []
    parent_by_key = {parent.key: parent for parent in parents}
    for column in sorted(columns, key=lambda one: one.name not in keys):
        about = {"column": column.name}
        parent = parent_by_key.get(column.name)
        is_complete = not column.values.blank and column.values.filled > 0
        if column.name in keys or (parent and is_complete):
            rules.append(Rule(rule_name(entity, column.name, "present"), "not_null", about))
        if column.type != "text":
            read = {**about, "type": column.type}
            rules.append(Rule(rule_name(entity, column.name, "parses"), "parses_as", read))
        if parent:
            to = {**about, "to": f"stg_{parent.name}", "field": parent.key}
            name = f"{singular(entity)}_{singular(parent.name)}_exists"
            rules.append(Rule(name, "relationships", to))
        rules.extend(_of_time(entity, column) if column.type in TIMES else ())
        if column.choices:
            values = {**about, "values": [*column.choices]}
            name = rule_name(entity, column.name, "known")
            rules.append(Rule(name, "accepted_values", values, is_proposed=True))
    if version is not None:
        rules.append(Rule(f"{singular(entity)}_versions_agree", "no_conflicting_versions"))
    return rules


def _of_time(entity: str, column: Column) -> Iterator[Rule]:
    about = {"column": column.name}
    if not column.values.blank and column.values.filled:
        present = rule_name(entity, column.name, "present")
        yield Rule(present, "not_null", {**about, "severity": "warn"})
    if not column.in_future and not _AHEAD.fullmatch(column.name):
        yield Rule(rule_name(entity, column.name, "not_in_future"), "not_in_future", about)
