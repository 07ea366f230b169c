"""This version on a database that an earlier one made and people worked: nothing is lost.

`build_earlier_database.py` says what is in the fixture and makes it again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from ..pipeline import Pipeline
from .build_earlier_database import EXPECTED, NAMESPACE, line_of, said
from .conftest import MakeEarlier

# Tables and histories in which every row stays as it is, and later runs only add some.
APPEND_ONLY = (
    *("quality.batches", "quality.batch_workers", "quality.rejects", "quality.suppressions"),
    *("quality.corrections", "quality.reprocess_requests", "quality.exception_work"),
    *("quality.exception_events", "quality.pipeline_runs", "quality.pipeline_steps"),
    *("quality.test_results", "quality.served_requests", "quality.retry_attempts"),
    *("quality.dq_results", "quality.dq_metrics", "quality.published_revenue_daily_history"),
    *("raw.orders", "raw.payments"),
)
UNCHANGED = (
    *("quality.suppressions", "quality.corrections", "quality.reprocess_requests"),
    *("quality.exception_work", "quality.batches", "quality.batch_workers", "quality.rejects"),
    *("marts.fct_orders", "marts.fct_payments", "marts.fact_revenue_daily"),
)
# What these count goes by the clock, and the fixture gets older.
BY_THE_CLOCK = ("exceptions_past_sla", "stuck_records", "stuck_batches")
# One comparison of raw with the candidate holds what two over the same records held.
LEFT_OUT_SINCE = ("recon_payments_raw_stg",)
CHANGED_SINCE = ("orders_stale_rules", "payments_stale_rules")
ADDED_SINCE = ("orders_altered_records", "payments_altered_records", "payments_keys_fit")
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class TakenOver:
    """The earlier database after a run of this version about dataset bad.

    Attributes:
        before: Rows of tables before it, by table.
        said_before: What the quality relations said before it.
    """

    pipeline: Pipeline
    before: Mapping[str, Rows]
    said_before: Mapping[str, Rows]


@pytest.fixture(scope="module")
def recorded() -> Mapping[str, Rows]:
    """What the quality relations said when the fixture was made."""
    found: Mapping[str, Rows] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def taken_over(make_earlier: MakeEarlier) -> TakenOver:
    pipeline = make_earlier()
    before = {
        name: pipeline.records(f"select * from {name}") for name in {*APPEND_ONLY, *UNCHANGED}
    }
    said_before = said(pipeline.database, NAMESPACE)
    pipeline.runs("build")
    return TakenOver(pipeline, before, said_before)


def lines(rows: Rows, without: tuple[str, ...] = ()) -> list[str]:
    """Rows in one order, for comparison."""
    return sorted(
        line_of({name: value for name, value in row.items() if name not in without}) for row in rows
    )


def comparable(gate: Rows) -> Rows:
    """The checks that are the same whenever they are asked, without their words."""
    return [
        {name: value for name, value in check.items() if name != "detail"}
        for check in gate
        if check["check_id"] not in BY_THE_CLOCK + LEFT_OUT_SINCE + CHANGED_SINCE + ADDED_SINCE
    ]


def test_restored_database_says_what_it_said_when_it_was_dumped(
    taken_over: TakenOver, recorded: Mapping[str, Rows]
) -> None:
    for name, rows in recorded.items():
        found = taken_over.said_before[name]
        if name == "gate":
            rows, found = comparable(rows), comparable(found)
        assert lines(found) == lines(rows), name


def test_every_bookkeeping_table_of_the_fixture_holds_something(taken_over: TakenOver) -> None:
    assert [name for name, rows in taken_over.before.items() if not rows] == []


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_row_is_lost_or_changed(taken_over: TakenOver, table: str) -> None:
    before = taken_over.before[table]
    columns = before[0].keys()
    after = [
        {name: row[name] for name in columns}
        for row in taken_over.pipeline.records(f"select * from {table}")
    ]
    assert list((Counter(lines(before)) - Counter(lines(after))).elements()) == []
    if table in UNCHANGED:
        assert len(after) == len(before)


@pytest.mark.parametrize("table", [name for name in UNCHANGED if name.startswith("marts.")])
def test_marts_stay_as_they_were_while_the_gate_is_shut(taken_over: TakenOver, table: str) -> None:
    after = taken_over.pipeline.records(f"select * from {table}")
    assert lines(after) == lines(taken_over.before[table])


def test_gate_is_the_same(taken_over: TakenOver, recorded: Mapping[str, Rows]) -> None:
    found = said(taken_over.pipeline.database, NAMESPACE)["gate"]
    checks = {check["check_id"] for check in recorded["gate"]}
    assert {check["check_id"] for check in found} == checks.difference(LEFT_OUT_SINCE).union(
        ADDED_SINCE
    )
    assert lines(comparable(found)) == lines(comparable(recorded["gate"]))


def test_exceptions_and_what_people_did_about_them_are_the_same(
    taken_over: TakenOver, recorded: Mapping[str, Rows]
) -> None:
    found = said(taken_over.pipeline.database, NAMESPACE)["exceptions"]
    assert {row["status"] for row in found} == {
        *("NEW", "ACKNOWLEDGED", "IN_PROGRESS", "RESOLVED", "IGNORED")
    }
    assert lines(found) == lines(recorded["exceptions"])


def test_what_waited_is_taken_in(taken_over: TakenOver) -> None:
    value = taken_over.pipeline.value
    assert (
        value(
            """
        select count(*)
        from quality.reprocess_requests
        inner join quality.served_requests using (request_id)
        where reason = 'written in psql'
        """
        )
        == 1
    )
    assert value(
        """
        select array_agg(customer_id)
        from staging.stg_orders
        where _dataset = 'good' and order_id = 'O-1010'
        """
    ) == ["C-4711"]
    assert value("select count(*) from staging.base_payments where _dataset = 'later'") == 1
