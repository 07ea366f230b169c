"""Real orders and payments, as they were found: a sample of the Olist marketplace.

Its licence keeps it out of the project. The folder that TRUSTGATE_OLIST_DATA names, or
`shared/data/olist` beside the project, holds orders.csv and payments.csv of 9,999 and 9,998 records
amid tens of thousands of blank rows. What a correct reading of them finds was counted without SQL.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..database import Database, scratch_database
from ..pipeline import REPOSITORY, Pipeline, copy_project
from .conftest import Run, run_runner

BESIDE_THE_PROJECT = REPOSITORY.parent / "shared" / "data" / "olist"
DATASET = "olist"
SECONDS_ALLOWED = 60


def olist_folder() -> Path | None:
    """Where the two files are, None where they are not."""
    given = os.environ.get("TRUSTGATE_OLIST_DATA")
    folder = Path(given) if given else BESIDE_THE_PROJECT
    return folder if (folder / "orders.csv").is_file() else None


pytestmark = pytest.mark.skipif(
    olist_folder() is None,
    reason="TRUSTGATE_OLIST_DATA names no folder with orders.csv and payments.csv of Olist",
)


@dataclass(frozen=True)
class Judged:
    """The files, run through the pipeline in an empty database."""

    pipeline: Pipeline
    run: Run


@pytest.fixture(scope="module")
def judged(
    project_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Judged]:
    folder = olist_folder()
    assert folder is not None
    root = tmp_path_factory.mktemp("olist") / "project"
    with scratch_database(project_database, f"trustgate_olist_{os.getpid()}") as database:
        copy_project(root, database)
        pipeline = Pipeline(root, database, "olist", DATASET)
        yield Judged(
            pipeline, run_runner(pipeline, "--data-dir", str(folder), "--dataset", DATASET)
        )


def test_gate_shuts_within_a_minute_of_an_empty_database(judged: Judged) -> None:
    assert judged.run.exit_code == 1, judged.run.output
    assert judged.run.seconds < SECONDS_ALLOWED


def test_every_record_is_in_raw_and_every_blank_row_only_counted(judged: Judged) -> None:
    query = judged.pipeline.query
    assert query("select count(*) from raw.orders") == [(9_999,)]
    assert query("select count(*) from raw.payments") == [(9_998,)]
    batches = query(
        """
        select entity, expected_count, loaded_count, rejected_count, blank_count
        from quality.batches
        order by entity
        """
    )
    assert batches == [("orders", 9_999, 9_999, 0, 89_442), ("payments", 9_998, 9_998, 0, 93_850)]
    assert query("select count(*) from quality.rejects") == [(0,)]


def test_each_rule_finds_as_many_records_as_were_counted(judged: Judged) -> None:
    found = judged.pipeline.query(
        """
        select check_id, count(*)
        from quality.exceptions
        where is_standing and check_id not like 'recon%%'
        group by check_id
        """,
        [],
    )
    assert dict(found) == {
        "order_total_present": 9_144,
        "order_updated_not_before_ordered": 6,
        "payment_order_exists": 8_967,
        "payment_paid_at_present": 8_967,
        "payment_updated_at_present": 8_967,
    }


def test_records_are_failed_and_warned_as_counted(judged: Judged) -> None:
    def records(rule: str, severity: str) -> int:
        found: int = judged.pipeline.value(
            """
            select count(distinct record_id)
            from quality.dq_results
            where rule_id = %s and severity = %s and not passed
            """,
            [rule, severity],
        )
        return found

    assert records("payment_order_exists", "error") == 8_967
    assert records("order_total_present", "warn") == 9_144


def test_payments_and_orders_mismatch_as_counted(judged: Judged) -> None:
    found = judged.pipeline.query(
        """
        select match_status, count(*), count(distinct record_key), sum(source_count)::bigint
        from quality.recon_row_mismatches
        where reconciliation = 'recon_payments_orders'
        group by match_status
        order by match_status
        """
    )
    assert found == [("SOURCE_ONLY", 8_893, 8_893, 8_967), ("TARGET_ONLY", 8_973, 8_973, 0)]


def test_order_totals_are_compared_where_both_sides_are_known(judged: Judged) -> None:
    found = judged.pipeline.query(
        """
        select compared, actual_value::bigint, -discrepancy::bigint
        from quality.recon_summary
        where reconciliation = 'recon_order_totals' and metric_name = 'MATCHED'
        """
    )
    assert found == [(91, 90, 1)]


def test_every_record_is_accounted_for(judged: Judged) -> None:
    found = judged.pipeline.query("select entity, difference from quality.batch_balance order by 1")
    assert found == [("orders", 0), ("payments", 0)]
