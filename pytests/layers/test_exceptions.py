"""The life of exceptions, and what opens and shuts the gate, on records small enough to follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest

from ..conftest import MakePipeline
from ..pipeline import Pipeline

LOADED_AT = datetime(2026, 6, 1, tzinfo=timezone.utc)
BUILD = ("run", "--exclude", "tag:intake")
Order = tuple[str, str, str, str]
"""order_id, status, order_total and the day of January it was updated."""

pytestmark = pytest.mark.usefixtures("first_run")


def load(pipeline: Pipeline, batch: str, orders: list[Order], payments: list[Order]) -> None:
    """Load orders, and payments as payment_id, order_id, amount and day."""
    pipeline.load(
        "orders",
        [
            (
                number,
                (order, "C-1", status, "BRL", total, "2026-01-01T00:00:00Z", _day(day)),
            )
            for number, (order, status, total, day) in enumerate(orders, start=1)
        ],
        f"{batch}-orders",
        LOADED_AT,
    )
    if payments:
        pipeline.load(
            "payments",
            [
                (
                    number,
                    (payment, order, "boleto", amount, "BRL", "captured", _day(day), _day(day)),
                )
                for number, (payment, order, amount, day) in enumerate(payments, start=1)
            ],
            f"{batch}-payments",
            LOADED_AT,
        )


def _day(day: str) -> str:
    return f"2026-01-{day}T00:00:00Z"


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    return make_pipeline("shop")


@pytest.fixture(scope="module")
def first_run(pipeline: Pipeline) -> Iterator[None]:
    """Two orders with an unknown status, one whose payment is 2.00 short, two sound ones."""
    pipeline.runs("run", "--select", "tag:intake")
    load(
        pipeline,
        "first",
        [
            ("O-1", "lost", "10.00", "02"),
            ("O-2", "lost", "10.00", "02"),
            ("O-3", "approved", "10.00", "02"),
            ("O-4", "approved", "10.00", "02"),
            ("O-5", "approved", "10.00", "02"),
        ],
        [(f"P-{n}", f"O-{n}", "8.00" if n == 3 else "10.00", "03") for n in range(1, 6)],
    )
    pipeline.runs(*BUILD)
    yield


def exception(pipeline: Pipeline, check: str, key: str) -> dict[str, Any]:
    (found,) = pipeline.records(
        f"select * from quality.exceptions where check_id = '{check}' and record_key = '{key}'"
    )
    return found


def check(pipeline: Pipeline, name: str) -> dict[str, Any]:
    (found,) = pipeline.records(f"select * from quality.gate where check_id = '{name}'")
    return found


def counts(pipeline: Pipeline, name: str) -> tuple[int, int, bool]:
    """Open and suppressed, and whether the gate is open for this check."""
    found = check(pipeline, name)
    return found["open_count"], found["suppressed_count"], found["is_open"]


def suppress(pipeline: Pipeline, **changes: Any) -> None:
    """Suppress the status of O-1, which is found wrong, or what the changes say."""
    now = datetime.now(timezone.utc)
    row = {
        "suppression_id": f"{changes}",
        "check_id": "order_status_known",
        "entity": "orders",
        "record_key": "O-1",
        "ticket": "SHOP-1",
        "reason": "known",
        "created_by": "ada",
        "created_at": now - timedelta(minutes=1),
        "expires_at": now + timedelta(hours=1),
        "revoked_at": None,
        **changes,
    }
    pipeline.query(
        f"""
        insert into quality.suppressions ({", ".join(row)})
        values ({", ".join(f"%({name})s" for name in row)})
        """,
        row,
    )


@pytest.fixture
def clean_suppressions(pipeline: Pipeline) -> Iterator[None]:
    yield
    pipeline.query("delete from quality.suppressions")


def test_gate_counts_each_failure_where_it_belongs(pipeline: Pipeline) -> None:
    shut = pipeline.query("select check_id, open_count from quality.gate where not is_open")
    assert dict(shut) == {
        "order_status_known": 2,
        "orders_failed_records": 2,
        # Their payments fail as well, since what they pay is quarantined.
        "payment_order_exists": 2,
        "payments_failed_records": 2,
        "recon_order_totals": 1,
        # 20.00 of one day's 48.00 is quarantined.
        "recon_daily_revenue": 1,
    }


@pytest.mark.usefixtures("clean_suppressions")
def test_suppression_of_a_record_counts_and_leaves_the_others_open(pipeline: Pipeline) -> None:
    suppress(pipeline)
    assert counts(pipeline, "order_status_known") == (1, 1, False)
    assert counts(pipeline, "orders_failed_records") == (1, 1, False)
    assert counts(pipeline, "payment_order_exists") == (2, 0, False)


@pytest.mark.usefixtures("clean_suppressions")
def test_suppression_of_a_check_opens_it(pipeline: Pipeline) -> None:
    suppress(pipeline, record_key=None)
    assert counts(pipeline, "order_status_known") == (0, 2, True)


@pytest.mark.usefixtures("clean_suppressions")
def test_suppression_of_a_reconciliation_opens_it(pipeline: Pipeline) -> None:
    suppress(pipeline, check_id="recon_order_totals", record_key="O-3", entity=None)
    assert counts(pipeline, "recon_order_totals") == (0, 1, True)


@pytest.mark.usefixtures("clean_suppressions")
@pytest.mark.parametrize(
    "changes",
    [
        {"expires_at": datetime(2026, 1, 1, tzinfo=timezone.utc)},
        {"revoked_at": datetime(2026, 1, 1, tzinfo=timezone.utc)},
        {"ticket": "  "},
        {"created_at": datetime(2199, 1, 1, tzinfo=timezone.utc)},
        {"entity": "payments"},
        {"record_key": "O-11"},
        {"check_id": "order_currency_format"},
    ],
    ids=lambda changes: ", ".join(f"{name}={value}" for name, value in changes.items()),
)
def test_suppression_that_does_not_hold_changes_nothing(
    pipeline: Pipeline, changes: dict[str, Any]
) -> None:
    suppress(pipeline, **changes)
    assert counts(pipeline, "order_status_known") == (2, 0, False)


@pytest.mark.parametrize("missing", ["expires_at", "ticket"])
def test_a_suppression_without_ticket_or_end_is_refused(pipeline: Pipeline, missing: str) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation, match=missing):
        suppress(pipeline, **{missing: None})


def test_threshold_allows_as_many_as_it_says(pipeline: Pipeline) -> None:
    path, strict = "models/orders/orders.yml", "gate: {max_failed_rate: 0}"
    for gate, is_open in (
        ("gate: {max_failed: 1}", False),
        ("gate: {max_failed: 2}", True),
        ("gate: {max_failed_rate: 0.4}", True),
        ("gate: {max_failed_rate: 0.39}", False),
    ):
        pipeline.edit(path, strict, gate)
        pipeline.runs("run", "--select", "gate")
        assert counts(pipeline, "order_status_known") == (2, 0, is_open), gate
        assert counts(pipeline, "orders_failed_records") == (2, 0, is_open), gate
        pipeline.edit(path, gate, strict)
    pipeline.runs("run", "--select", "gate")


def test_exceptions_follow_the_data_and_never_touch_what_people_wrote(pipeline: Pipeline) -> None:
    opened = exception(pipeline, "order_status_known", "O-1")
    assert (opened["status"], opened["occurrences"], opened["episode"]) == ("NEW", 1, 1)
    assert opened["details"] == {
        "column": "status",
        "actual": "lost",
        "expected": "one of created, approved, invoiced, processing, shipped, delivered, "
        "canceled, unavailable",
    }
    short = exception(pipeline, "recon_order_totals", "O-3")
    for found, status in ((opened, "IN_PROGRESS"), (short, "RESOLVED")):
        pipeline.query(
            """
            insert into quality.exception_work (
                exception_id, status, episode, accepted_details, assigned_to, resolution_action,
                resolution_notes, resolved_by, resolved_at, updated_at, updated_by
            )
            select exception_id, %(status)s, episode, details, 'ada',
                case when %(status)s = 'RESOLVED' then 'ACCEPTED' end, 'seen', 'ada', now(), now(),
                'ada'
            from quality.exception_findings where exception_id = %(id)s::uuid
            """,
            {"status": status, "id": found["exception_id"]},
        )
    work = pipeline.query("select xmin::text, w::text from quality.exception_work as w order by 2")
    assert exception(pipeline, "order_status_known", "O-1")["status"] == "IN_PROGRESS"
    assert counts(pipeline, "order_status_known") == (2, 0, False)
    assert counts(pipeline, "recon_order_totals") == (0, 0, True)

    load(
        pipeline,
        "second",
        [("O-1", "approved", "10.00", "03"), ("O-2", "gone", "10.00", "03")],
        [],
    )
    pipeline.runs(*BUILD)
    resolved = exception(pipeline, "order_status_known", "O-1")
    assert resolved["status"] == "RESOLVED"
    assert (resolved["resolution_action"], resolved["is_standing"]) == ("AUTO", False)
    assert resolved["occurrences"] == 1
    child = exception(pipeline, "payment_order_exists", "P-1")
    assert (child["status"], child["resolution_action"]) == ("RESOLVED", "AUTO")
    changed = exception(pipeline, "order_status_known", "O-2")
    assert (changed["status"], changed["occurrences"], changed["episode"]) == ("NEW", 2, 1)
    assert changed["details"]["actual"] == "gone"
    assert changed["first_seen_run"] == opened["first_seen_run"] != changed["last_seen_run"]
    assert counts(pipeline, "order_status_known") == (1, 0, False)
    assert counts(pipeline, "recon_order_totals") == (0, 0, True)

    load(
        pipeline,
        "third",
        [("O-1", "lost", "10.00", "04"), ("O-3", "approved", "11.00", "04")],
        [],
    )
    pipeline.runs(*BUILD)
    reopened = exception(pipeline, "order_status_known", "O-1")
    assert (reopened["status"], reopened["occurrences"]) == ("NEW", 2)
    assert (reopened["episode"], reopened["assigned_to"]) == (2, None)
    # Accepted were 2.00, not 3.00.
    assert exception(pipeline, "recon_order_totals", "O-3")["status"] == "NEW"
    assert counts(pipeline, "order_status_known") == (2, 0, False)
    assert counts(pipeline, "recon_order_totals") == (1, 0, False)

    assert events(pipeline, opened) == ["OPENED", "RESOLVED", "REOPENED"]
    assert events(pipeline, changed) == ["OPENED", "CHANGED"]
    assert events(pipeline, short) == ["OPENED", "REOPENED"]
    after = pipeline.query("select xmin::text, w::text from quality.exception_work as w order by 2")
    assert after == work


def events(pipeline: Pipeline, found: dict[str, Any]) -> list[str]:
    """What runs noted of an exception, in order."""
    rows = pipeline.query(
        """
        select event from quality.exception_events
        where exception_id = %s::uuid and actor = 'run' order by occurred_at
        """,
        [found["exception_id"]],
    )
    return [event for (event,) in rows]
