"""The stand-in stores the failing rows that the original package stores.

The original is looked for in the folder that TRUSTGATE_REAL_DBT_EXPECTATIONS names, which holds
dbt_expectations and dbt_date, as `dbt deps` leaves them in dbt_packages.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .cases import CASES, Case
from .sample import Row
from .scratch_project import Outcome, run_cases

SHARED = tuple(case for case in CASES if not case.breaks_original)


@pytest.fixture(scope="module")
def original(database: str, rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What one dbt invocation of every case with the original package left behind."""
    given = os.environ.get("TRUSTGATE_REAL_DBT_EXPECTATIONS")
    if not given:
        pytest.skip("TRUSTGATE_REAL_DBT_EXPECTATIONS does not name a folder with the original")
    packages = {name: Path(given) / name for name in ("dbt_expectations", "dbt_date")}
    missing = [name for name, folder in packages.items() if not folder.is_dir()]
    if missing:
        pytest.skip(f"TRUSTGATE_REAL_DBT_EXPECTATIONS has no folder {' and no '.join(missing)}")
    return run_cases(
        CASES, packages, "with_original", database, tmp_path_factory.mktemp("original")
    )


@pytest.mark.parametrize("case", SHARED, ids=lambda case: str(case.name))
def test_stored_rows_equal_those_of_the_original(
    case: Case, original: Outcome, stand_in: Outcome
) -> None:
    assert original.statuses[case.name] in ("pass", "fail"), original.messages[case.name]
    assert stand_in.statuses[case.name] == original.statuses[case.name]
    assert stand_in.stored[case.name] == original.stored[case.name]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.breaks_original], ids=lambda case: str(case.name)
)
def test_the_original_ends_in_an_error_where_it_is_not_compared(
    case: Case, original: Outcome
) -> None:
    assert original.statuses[case.name] == "error"
