"""Who ended an exception, what is tried again and when, and what counts as found once more."""

from __future__ import annotations

from typing import Any

import pytest

from ..conftest import MakePipeline
from .conftest import BUILD, LOST, Call, Shop, make_shop

CHECK = "order_status_known"
IGNORED, LATER, BLOCKED, TRIED, REQUESTED, PLAIN = LOST[:6]


@pytest.fixture(scope="module")
def shop(make_pipeline: MakePipeline) -> Shop:
    return make_shop(make_pipeline)


def attempts(shop: Shop) -> dict[str, int]:
    rows = shop.pipeline.query(
        "select record_key, count(*) from quality.retry_attempts where entity = 'orders'"
        " group by record_key"
    )
    return dict(rows)


def let_pass(shop: Shop, interval: str) -> None:
    """Move what is due, and what was done, into the past."""
    for statement in (
        "update staging.base_orders set _checked_at = _checked_at - %s::interval",
        "update quality.retry_attempts set attempted_at = attempted_at - %s::interval",
        "update quality.exception_work set retry_requested_at = retry_requested_at - %s::interval",
    ):
        shop.pipeline.query(statement, [interval])


def changes(shop: Shop) -> list[tuple[Any, ...]]:
    """What was recorded to have happened to exceptions, but for alterations made by `let_pass`."""
    return shop.pipeline.query(
        "select event, check_id, record_key, events.note from quality.exception_events as events"
        " inner join quality.exception_findings using (exception_id)"
        " where check_id not like 'altered%' order by 1, 2, 3, 4"
    )


def found(shop: Shop, key: str, *columns: str) -> tuple[Any, ...]:
    row = shop.exception(CHECK, key)
    return tuple(row[column] for column in columns)


def test_an_ignored_exception_names_who_ended_it_and_when(shop: Shop, call: Call) -> None:
    given = ("--through", "--by", "ada", "--note", "a test order")
    assert call("exceptions", "ignore", shop.id(CHECK, IGNORED), *given).code == 0
    status, by, at = found(shop, IGNORED, "status", "resolved_by", "resolved_at")
    assert (status, by, at is not None) == ("IGNORED", "ada", True)
    assert found(shop, PLAIN, "status", "resolved_by", "resolved_at") == ("NEW", None, None)


def test_what_is_ignored_or_blocked_is_not_tried_again_and_what_is_due_later_only_then(
    shop: Shop, call: Call
) -> None:
    assert call("exceptions", "block", shop.id(CHECK, BLOCKED), "--note", "closed").code == 0
    assert call("exceptions", "retry", shop.id(CHECK, LATER), "--at", "3h").code == 0
    for text in ("2020-01-01", "soon", "0h", "2026-13-01"):
        assert call("exceptions", "retry", shop.id(CHECK, LATER), "--at", text).code == 2
    shop.pipeline.query(
        "update staging.base_orders set _checked_at = _checked_at - interval '2 hours'"
    )
    shop.pipeline.runs("run", "--select", "base_orders")
    made = attempts(shop)
    assert TRIED in made and PLAIN in made
    assert not {IGNORED, BLOCKED, LATER} & set(made)
    assert found(shop, IGNORED, "next_retry_at") == (None,)
    let_pass(shop, "4 hours")
    shop.pipeline.runs("run", "--select", "base_orders")
    made = attempts(shop)
    assert made[LATER] == 1
    assert not {IGNORED, BLOCKED} & set(made)


def test_a_retry_that_a_user_requests_is_made_although_it_is_ignored(
    shop: Shop, call: Call
) -> None:
    assert call("exceptions", "retry", shop.id(CHECK, IGNORED), "--at", "1h").code == 0
    shop.pipeline.runs("run", "--select", "base_orders")
    assert IGNORED not in attempts(shop)
    let_pass(shop, "2 hours")
    shop.pipeline.query(
        "update quality.exception_work set resolved_at = resolved_at - interval '1 day'"
    )
    shop.pipeline.runs("run", "--select", "base_orders")
    assert attempts(shop)[IGNORED] == 1


def test_an_evaluation_that_fails_again_is_counted_and_is_no_event(shop: Shop) -> None:
    shop.pipeline.runs("run", "--select", "exception_findings")
    before = found(shop, TRIED, "occurrences", "last_seen_at")
    events = changes(shop)
    quiet = found(shop, BLOCKED, "occurrences", "last_seen_at")
    let_pass(shop, "6 hours")
    shop.pipeline.query(
        "insert into quality.reprocess_requests (dataset, entity, scope, record_key, requested_by)"
        " values ('shop', 'orders', 'key', %s, 'ada')",
        [REQUESTED],
    )
    shop.pipeline.runs("run", "--select", "base_orders", "exception_findings")
    after = found(shop, TRIED, "occurrences", "last_seen_at")
    assert (after[0], after[1] > before[1]) == (before[0] + 1, True)
    assert found(shop, BLOCKED, "occurrences", "last_seen_at") == quiet
    assert changes(shop) == events
    assert shop.exception(CHECK, TRIED)["status"] == "NEW"
    versions = shop.pipeline.row_versions()["quality.exception_findings"]
    shop.pipeline.runs("run", "--select", "exception_findings")
    assert shop.pipeline.row_versions()["quality.exception_findings"] == versions


def test_a_request_that_fails_again_is_counted(shop: Shop) -> None:
    key = BLOCKED
    before = found(shop, key, "occurrences")[0]
    shop.pipeline.query(
        "insert into quality.reprocess_requests (dataset, entity, scope, record_key, requested_by)"
        " values ('shop', 'orders', 'key', %s, 'ada')",
        [key],
    )
    shop.pipeline.runs("run", "--select", "base_orders", "exception_findings")
    assert found(shop, key, "occurrences")[0] == before + 1


def test_reconciling_again_what_still_differs_is_no_event(shop: Shop) -> None:
    shop.pipeline.runs(*BUILD)
    before = changes(shop)
    shop.pipeline.query("update quality.layer_progress set check_seq = 0 where layer like 'recon%'")
    shop.pipeline.runs(*BUILD)
    assert changes(shop) == before


def test_exceptions_are_filtered_by_type_layer_table_and_blocked(shop: Shop, call: Call) -> None:
    def keys(*options: str) -> set[str]:
        listed = call("exceptions", "list", "--all", "--limit", "1000", "--json", *options)
        assert listed.code == 0, listed.err
        return {row["check_id"] for row in listed.json["exceptions"]}

    assert CHECK in keys("--type", "validation_error")
    assert "recon_order_totals" in keys("--type", "recon_mismatch")
    assert not keys("--type", "recon_mismatch") & keys("--type", "validation_error")
    assert keys("--type", "load_reject") == set()
    assert CHECK in keys("--table", "staging.stg_orders") - keys("--table", "raw.payments")
    assert CHECK in keys("--layer", "raw")
    said = call("exceptions", "list", "--layer", "row")
    assert (said.code, "Similar: raw" in said.err) == (2, True)
    blocked = call("exceptions", "list", "--all", "--blocked", "--json").json["exceptions"]
    assert {row["record_key"] for row in blocked} == {BLOCKED}
    text = call("exceptions", "list", "--blocked", "--check", CHECK).out
    for words in ("VALIDATION_ERROR", "raw.orders", "status", "reason"):
        assert words in text
    summary = call("exceptions", "summary").out
    for title in ("By type", "By layer of the source", "By table of the source"):
        assert title in summary
    by_type = {
        row["value"]: row["exceptions"]
        for row in call("exceptions", "summary", "--json").json
        if row["dimension"] == "type"
    }
    assert sum(by_type.values()) == shop.pipeline.value(
        "select count(*) from quality.exceptions where is_standing"
    )


def test_an_exception_that_ends_by_itself_was_ended_by_the_run(shop: Shop) -> None:
    shop.load("fixed", [(PLAIN, "approved", "10.00", "03")])
    shop.pipeline.runs(*BUILD)
    status, action, by, at = found(
        shop, PLAIN, "status", "resolution_action", "resolved_by", "resolved_at"
    )
    assert (status, action, by) == ("RESOLVED", "AUTO", "run")
    assert at is not None
    ended = "status in ('RESOLVED', 'IGNORED')"
    assert shop.pipeline.value(
        f"select count(*) from quality.exceptions where ({ended})"
        " <> (resolved_by is not null and resolved_at is not null)"
    ) == 0  # fmt: skip
