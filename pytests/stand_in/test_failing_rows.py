"""The stand-in stores the failing rows that Python finds in the same sample."""

from __future__ import annotations

from collections import Counter

import pytest

from .cases import CASES, Case
from .sample import Row
from .scratch_project import Outcome


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_stored_rows_equal_those_found_in_python(
    case: Case, rows: list[Row], stand_in: Outcome
) -> None:
    expected = Counter(case.expected(rows))
    assert stand_in.statuses[case.name] == ("fail" if expected else "pass"), stand_in.messages[
        case.name
    ]
    assert stand_in.stored[case.name].rows == expected


def test_each_test_has_a_clean_and_a_failing_case(rows: list[Row]) -> None:
    outcomes = {(case.test, bool(case.expected(rows))) for case in CASES}
    assert outcomes == {(case.test, fails) for case in CASES for fails in (True, False)}
