"""What waits too long: gate and doctor show it, the gate is shut only where that is declared."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from runner.workflow import doctor

from ..conftest import MakePipeline
from .conftest import Shop, make_shop

WAITING = """
    select waits_for, entity, record_count, is_stuck from quality.waiting_work
    order by waits_for, entity, since
"""
HOLD = """
    insert into quality.batches (batch_id, dataset, entity, status, loaded_count, loaded_at)
    values ('held', 'shop', 'orders', 'HELD', 7, now() - %s::interval)
"""
ASK = """
    insert into quality.reprocess_requests (
        request_id, dataset, entity, scope, record_key, requested_by, requested_at
    ) values (gen_random_uuid(), 'shop', 'orders', 'key', 'G-1', 'ada', now() - %s::interval)
"""


@pytest.fixture(scope="module")
def shop(make_pipeline: MakePipeline) -> Shop:
    return make_shop(make_pipeline)


def load(shop: Shop, batch: str, hours: int) -> None:
    """A batch of one order that was loaded so long ago."""
    order = (f"W-{batch}", "C-1", "approved", "BRL", "1.00", "2026-01-02T00:00:00Z", None)
    loaded_at = datetime.now(timezone.utc) - timedelta(hours=hours)
    shop.pipeline.load("orders", [(1, order)], batch, loaded_at)


def finding(shop: Shop) -> doctor.Finding:
    with shop.service() as database:
        return doctor.stuck(database)


def test_nothing_waits_after_a_run(shop: Shop) -> None:
    assert shop.pipeline.query(WAITING) == []
    for check in ("stuck_records", "stuck_batches"):
        row = shop.gate(check)
        assert (row["open_count"], row["is_open"], row["severity"]) == (0, True, "WARNING")
    assert finding(shop).status == "ok"


def test_what_waits_within_the_limit_is_not_stuck(shop: Shop) -> None:
    load(shop, "fresh", 23)
    shop.pipeline.query(HOLD, ["23 hours"])
    shop.pipeline.query(ASK, ["23 hours"])
    assert shop.pipeline.query(WAITING) == [
        ("check", "orders", 1, False),
        ("release", "orders", 7, False),
        ("reprocessing", "orders", 1, False),
    ]
    assert shop.gate("stuck_records")["open_count"] == 0
    assert finding(shop).status == "ok"


def test_what_waits_beyond_it_is_shown_by_gate_and_doctor(shop: Shop) -> None:
    load(shop, "old", 25)
    shop.pipeline.runs("run", "--select", "raw_orders")
    load(shop, "older", 26)
    shop.pipeline.query(ASK, ["25 hours"])
    shop.pipeline.query("update quality.batches set loaded_at = now() - interval '25 hours'"
                        " where status = 'HELD'")  # fmt: skip
    records, batches = shop.gate("stuck_records"), shop.gate("stuck_batches")
    assert (records["open_count"], records["is_open"]) == (3, True)
    assert records["detail"].startswith(
        "2 of orders wait for check, 1 of orders wait for reprocessing, the first since 20"
    )
    assert (batches["open_count"], batches["is_open"]) == (1, True)
    found = finding(shop)
    assert found.status == "warn"
    assert "2 records of orders in shop for check" in found.found
    assert "1 batches of orders in shop for release" in found.found


def test_how_many_may_be_stuck_can_be_declared(shop: Shop) -> None:
    shop.pipeline.set(max_stuck_records=2, max_stuck_batches=1)
    shop.pipeline.runs("run", "--select", "gate")
    records, batches = shop.gate("stuck_records"), shop.gate("stuck_batches")
    assert (records["severity"], records["allowed"], records["is_open"]) == ("ERROR", 2, False)
    assert (batches["severity"], batches["allowed"], batches["is_open"]) == ("ERROR", 1, True)


def test_a_limit_of_0_hours_is_never(shop: Shop) -> None:
    shop.pipeline.set(stuck_after_hours={"records": 0, "batches": 24})
    shop.pipeline.runs("run", "--select", "waiting_work")
    assert (shop.gate("stuck_records")["open_count"], shop.gate("stuck_batches")["open_count"]) == (
        0,
        1,
    )


def test_a_run_takes_in_what_waited(shop: Shop) -> None:
    shop.pipeline.runs("run", "--exclude", "tag:intake")
    assert [row[:2] for row in shop.pipeline.query(WAITING)] == [("release", "orders")]


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("{record: 24}", "argument is 'record', allowed are records, batches"),
        ("{records: soon}", "records is 'soon', allowed are numbers from 0"),
        ("{records: -1}", "records is '-1', allowed are numbers from 0"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(shop: Shop, declared: str, words: str) -> None:
    arguments = f"{{stuck_after_hours: {declared}}}"
    outcome = shop.pipeline.dbt("compile", "--select", "waiting_work", "--vars", arguments)
    said = " ".join([outcome.error, *outcome.messages.values()])
    assert not outcome.is_success
    assert words in said, said
