"""Misused tests are compile errors that name argument, value given and values allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cases import (
    BETWEEN,
    COMPOUND,
    IN_SET,
    NOT_IN_SET,
    NOT_REGEX,
    OF_TYPE,
    REGEX,
    ROW_COUNT_BETWEEN,
    Case,
)
from .sample import Row
from .scratch_project import STAND_IN, Outcome, print_of_run, run_cases

PACKAGES = {"dbt_expectations": STAND_IN}
FLAGS = "every character of `flags` must be one of b, c, e, g, i, m, n, p, q, s, t, w, x."
VALUES = "`value_set` must be specified as a list of values, at least one."

# The test alone ends in an error, as with the original; the others of the invocation run.
ENDS_THE_TEST = (
    (Case("flags", REGEX, {"regex": "o", "flags": "iz"}, "word"), f"{FLAGS} Got: 'iz'."),
    (Case("not_flags", NOT_REGEX, {"regex": "o", "flags": "'"}, "word"), f"{FLAGS} Got: '''."),
    (Case("no_value", IN_SET, {"value_set": []}, "word"), f"{VALUES} Got: '[]'."),
    (Case("text_as_set", NOT_IN_SET, {"value_set": "open"}, "word"), f"{VALUES} Got: 'open'."),
    (
        Case("text_as_groups", ROW_COUNT_BETWEEN, {"min_value": 1, "group_by": "word"}),
        "`group_by` must be specified as a list of expressions, at least one. Got: 'word'.",
    ),
    (
        Case("types", OF_TYPE, {"column_type": ["text", "date"]}, "word"),
        "`column_type` must be the name of one type, like integer or character varying."
        " Got: '['text', 'date']'.",
    ),
    (
        Case("type_where", OF_TYPE, {"column_type": "text"}, "word", where="row_id > 5"),
        "config `where` must not be set, a type belongs to the whole column. Got: '(select",
    ),
)

# dbt stops before running anything, as with the original.
ENDS_THE_RUN = (
    (
        Case("no_bound", BETWEEN, {}, "quantity"),
        "you have to provide `min_value`, `max_value` or both."
        " Got: min_value none, max_value none.",
    ),
    (
        Case("ignored", COMPOUND, {"column_list": ["code"], "ignore_row_if": "never"}),
        "`ignore_row_if` must be one of all_values_are_missing, any_value_is_missing."
        " Got: 'never'.",
    ),
    (
        Case("no_column", COMPOUND, {"column_list": []}),
        "`column_list` must be specified as a list of columns, at least one. Got: '[]'.",
    ),
)


@pytest.fixture(scope="module")
def misused(database: str, rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What one dbt invocation of the misused tests left behind."""
    cases = tuple(case for case, _ in ENDS_THE_TEST)
    return run_cases(cases, PACKAGES, "misused", database, tmp_path_factory.mktemp("misused"))


@pytest.mark.parametrize(("case", "said"), ENDS_THE_TEST, ids=lambda value: _name(value))
def test_misuse_ends_the_test_with_an_error(case: Case, said: str, misused: Outcome) -> None:
    assert misused.statuses[case.name] == "error"
    assert f"{case.test}: {said}" in misused.messages[case.name]


@pytest.mark.parametrize(("case", "said"), ENDS_THE_RUN, ids=lambda value: _name(value))
def test_misuse_stops_dbt_with_an_error(
    case: Case, said: str, database: str, tmp_path: Path
) -> None:
    printed = print_of_run((case,), PACKAGES, "misused", database, tmp_path)
    assert f"Compilation Error in test {case.name}" in printed
    assert f"{case.test}: {said}" in printed
    assert not (tmp_path / "target" / "run_results.json").exists()


def _name(value: Case | str) -> str:
    return value.name if isinstance(value, Case) else ""
