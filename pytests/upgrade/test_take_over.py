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


def without_counts(exceptions: Rows) -> Rows:
    """Exceptions without what counts evaluations that failed again, and who ended them.

    Earlier versions said nothing of what is not blocked.
    """
    counts = ("occurrences", "last_seen_run", "retry_count", "resolved_by")
    return [
        {name: value for name, value in row.items() if name not in counts}
        | {"blocked": bool(row.get("blocked"))}
        for row in exceptions
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
    # Said to be corrected, and evaluated again by this version's first run: it still fails.
    wrong = [row for row in recorded["exceptions"]
             if row.get("resolution_action") == "CORRECTED" and row["is_standing"]]  # fmt: skip
    ids = {row["exception_id"] for row in wrong}
    assert {row["status"] for row in found if row["exception_id"] in ids} == {"NEW"}
    before = [row for row in recorded["exceptions"] if row["exception_id"] not in ids]
    after = [row for row in found if row["exception_id"] not in ids]
    assert lines(without_counts(after)) == lines(without_counts(before))


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


def test_what_was_found_by_the_text_of_values_is_evaluated_again(make_earlier: MakeEarlier) -> None:
    pipeline = make_earlier()
    # Two versions, and a third record that is said to repeat the first; two spellings that are said
    # to conflict. Neither raw nor any other key is touched.
    found = (
        "select _record_key from staging.base_payments where _dataset = 'good' and {0} order by 1"
    )
    back, spelt, other = (
        key for (key,) in pipeline.query(found.format("_dq_status = 'PASSED'") + " limit 3")
    )
    copied = """
        insert into raw.payments
        select (jsonb_populate_record(received, jsonb_build_object(
            '_record_id', gen_random_uuid(), '_row_number', 9000 + number,
            '_checksum', md5(received._checksum || {1})
        ) || {0})).*
        from raw.payments as received cross join generate_series(1, {2}) as number
        where received._dataset = 'good' and received.payment_id = %s
    """
    method = "jsonb_build_object('method', (array['voucher', received.method])[number])"
    pipeline.query(copied.format(method, "number", 2), [back])
    amount = "jsonb_build_object('amount', received.amount || '0')"
    pipeline.query(copied.format(amount, "''", 1), [spelt])
    judged = """
        insert into staging.base_payments
        select (jsonb_populate_record(known, jsonb_build_object(
            '_record_id', received._record_id, '_row_number', received._row_number,
            '_checksum', received._checksum, 'method', received.method
        ) || {0})).*
        from staging.base_payments as known
        inner join raw.payments as received
            on known._dataset = received._dataset and known.payment_id = received.payment_id
        where known._dataset = 'good' and known._row_number < 9000 and received._row_number > 9000
            and known._record_key = %s
    """
    versions = """
        jsonb_build_object(
            '_is_latest', received._row_number = 9001,
            '_is_duplicate', received._row_number = 9002,
            '_version_number', case received._row_number when 9001 then 2 else 1 end
        )
    """
    pipeline.query(judged.format(versions), [back])
    conflict = """
        '{"_dq_status": "FAILED", "_dq_failed": ["payment_versions_agree"]}'::jsonb
            || '{"_version_number": 2}'::jsonb
    """
    pipeline.query(judged.format(conflict), [spelt])
    pipeline.query(
        "update staging.base_payments set _is_latest = _version_number = 2, _dq_failed = case"
        " when _record_key = %(spelt)s then '{payment_versions_agree}'::text[] end"
        " where _dataset = 'good' and not _is_duplicate and _record_key = any(%(keys)s)",
        {"spelt": spelt, "keys": [back, spelt]},
    )
    pipeline.runs("run", "--select", "base_payments")
    requested = "select record_key from quality.reprocess_requests where requested_by = 'upgrade'"
    assert sorted(pipeline.query(requested)) == sorted([(back,), (spelt,)])
    assert other not in (back, spelt)
    state = """
        select _version_number, _is_latest, _is_duplicate, _dq_failed from staging.base_payments
        where _dataset = 'good' and _record_key = %s order by _row_number
    """
    assert pipeline.query(state, [back])[-1] == (3, True, False, ["payment_versions_agree"])
    assert pipeline.query(state, [spelt]) == [(1, True, False, None), (1, False, True, None)]
