"""The reference of rules against the table of named checks."""

from __future__ import annotations

import ast
import re

from .conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "rules.md"
CHECKS = REPOSITORY / "package" / "macros" / "rules" / "named_checks.sql"
ROW = re.compile(r"^\| `(\w+)` \| ([^|]*)\| ([^|]*)\|[^|]*\|[^|]*\|$", re.M)


def _words(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_the_reference_lists_every_check_with_every_argument() -> None:
    code = CHECKS.read_text(encoding="utf-8")
    known = ast.literal_eval(code[code.index("{\n        '") : code.rindex(") }}")])
    declared = {name: ([*check["needs"]], [*check["may_have"]]) for name, check in known.items()}
    page = PAGE.read_text(encoding="utf-8")
    described = {name: (_words(needs), _words(may)) for name, needs, may in ROW.findall(page)}
    assert described == declared


def test_the_reference_explains_every_argument_but_columns() -> None:
    page = PAGE.read_text(encoding="utf-8")
    explained = set(_words("\n".join(re.findall(r"^\| (`[^|]*)\| [^|]*\|$", page, re.M))))
    used = {word for _, needs, may in ROW.findall(page) for word in _words(needs) + _words(may)}
    assert used - {"column", "column_A", "column_B"} <= explained
