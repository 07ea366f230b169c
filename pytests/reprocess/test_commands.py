"""`runner correct` and `runner reprocess`, word for word; the tests follow one another."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path

import pytest

from ..exceptions.conftest import LOST, Call, Shop

FIXED, LEFT = LOST[0], LOST[1]
REFUSED = {
    "no such entity": (("refunds", "R-1", "amount=1"), "There is no entity refunds."),
    "no such record": (("orders", "O-none", "status=x"), "There is no record O-none"),
    "no such column": (("orders", LEFT, "colour=x"), "orders has no column colour."),
    "part of the key": (("orders", LEFT, "order_id=O-2"), "order_id is part of the key"),
    "unchanged": (("orders", LEFT, "status=lost"), "status of O-02 is already 'lost'."),
    "no assignment": (("orders", LEFT, "status"), "status is not FIELD=VALUE."),
    "given twice": (("orders", LEFT, "status=a", "status=b"), "status is given twice."),
    "no value at all": (("orders", LEFT), "A correction needs an entity, a key"),
    "unknown correction": (("revert", "ffffffff"), "No correction starts with ffffffff."),
}
NAMED = (
    ("correct", "orders", LEFT, "status=approved", "--reason", "T-1"),
    ("correct", "revert", "ffffffff"),
    ("reprocess", "--keys", LEFT),
    ("batches", "release", "none", "--reason", "T-1"),
    ("batches", "reject", "none", "--reason", "T-1"),
    ("suppress", "revoke", "none"),
    ("exceptions", "ack", "--all", "--yes"),
)


@pytest.mark.parametrize("name", REFUSED)
def test_a_correction_that_cannot_be_says_why(call: Call, name: str) -> None:
    arguments, words = REFUSED[name]
    said = call("correct", *arguments, "--reason", "T-1")
    assert (said.code, said.out) == (2, "")
    assert words in said.err


def test_a_correction_without_a_reason_is_refused(call: Call) -> None:
    said = call("correct", "orders", LEFT, "status=approved")
    assert said.code == 2
    assert "needs a reason" in said.err


@pytest.mark.parametrize("command", NAMED, ids=lambda command: " ".join(command[:2]))
def test_every_command_refuses_a_name_that_nobody_has(call: Call, command: tuple[str, ...]) -> None:
    for name in ("", " ", "run", "RUN"):
        said = call(*command, "--by", name)
        assert (said.code, "not a valid user name" in said.err) == (2, True), (name, said.err)


def test_nothing_selected_and_unknown_records_are_refused(call: Call) -> None:
    said = call("reprocess")
    assert (said.code, "No records are selected" in said.err) == (2, True)
    for arguments, words in (
        (("--keys", f"{LEFT},O-none"), "There is no record O-none"),
        (("--batch", "none"), "There is no record of batch none"),
        (("--exception", "ffffffff"), "No exception starts with ffffffff."),
        (("--exception", "%"), "No exception starts with %."),
        (("--exception", ""), "No exception starts with ."),
        (("--keys-file", "none.txt"), "none.txt cannot be read"),
        (("--keys", LEFT, "--entity", "refunds"), "There is no entity refunds."),
    ):
        said = call("reprocess", *arguments)
        assert (said.code, words in said.err) == (2, True), (arguments, said.err)


def test_a_plan_says_what_would_be_evaluated_and_asks_for_nothing(
    call: Call, shop: Shop, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.txt"
    keys.write_text(f"{FIXED}\n\nP-{LEFT}\n")
    said = call("reprocess", "--keys-file", str(keys), "--plan")
    assert said.code == 0
    assert "1 record of orders (key)" in said.out
    assert "1 record of payments (key)" in said.out
    failed = call("reprocess", "--failed", "--entity", "orders", "--plan", "--json").json
    assert [(one["scope"], one["record_count"]) for one in failed] == [("failed", len(LOST))]
    assert shop.pipeline.value("select count(*) from quality.reprocess_requests") == 0


def test_a_corrected_record_recovers_with_what_hangs_on_it(call: Call, shop: Shop) -> None:
    written = call("correct", "orders", FIXED, "status=approved", "--reason", "T-1", "--by", "ada")
    assert written.code == 0
    assert f"{FIXED}: status 'lost' -> 'approved'" in written.out
    said = call("reprocess", "--exception", shop.id("order_status_known", FIXED))
    assert said.code == 1, said.err
    # The order that was asked for; its payment too, where an attempt at it was due by then.
    assert re.search(
        r"\d+ failing records? evaluated again: [12] recovered, \d+ still fail\.", said.out
    )
    assert shop.exception("order_status_known", FIXED)["resolution_action"] == "AUTO"
    # Its payment failed with it, and nobody asked for that one.
    assert shop.exception("payment_order_exists", f"P-{FIXED}")["status"] == "RESOLVED"
    assert shop.exception("order_status_known", LEFT)["is_standing"]
    assert (
        shop.pipeline.value("select status from staging.stg_orders where order_id = %s", [FIXED])
        == "approved"
    )
    assert (
        shop.pipeline.value("select status from raw.orders where order_id = %s", [FIXED]) == "lost"
    )
    (listed,) = call("correct", "list", "--json").json
    assert (listed["state"], listed["corrected_by"]) == ("applied", "ada")


def test_a_later_version_from_the_source_wins(call: Call, shop: Shop) -> None:
    assert call("correct", "orders", LEFT, "status=approved", "--reason", "T-2").code == 0
    shop.load("second", [(LEFT, "lost", "10.00", "03")])
    shop.pipeline.runs("run", "--exclude", "tag:intake")
    states = {row["record_key"]: row["state"] for row in call("correct", "list", "--json").json}
    assert states == {FIXED: "applied", LEFT: "outdated"}
    assert shop.exception("order_status_known", LEFT)["is_standing"]


def test_a_correction_that_lets_another_version_be_the_latest_is_applied(
    call: Call, shop: Shop
) -> None:
    """Until the source sends a version that is later still."""
    key = "S-1"
    shop.load("third", [(key, "approved", "10.00", "04")])
    shop.pipeline.runs("run", "--exclude", "tag:intake")
    back = "updated_at=2026-01-01T00:00:00Z"
    assert call("correct", "orders", key, back, "--reason", "T-3").code == 0
    state = "waiting"
    for batch in (None, "fourth"):
        (found,) = [
            row for row in call("correct", "list", "--json").json if row["record_key"] == key
        ]
        assert found["state"] == state
        if batch:
            shop.load(
                batch, [(key, "approved", "10.00", "09")], loaded_at=datetime.now(timezone.utc)
            )
        shop.pipeline.runs("run", "--exclude", "tag:intake")
        state = "applied"
    latest = (
        "select updated_at::date::text from staging.base_orders"
        " where _record_key = %s and _is_latest"
    )
    assert shop.pipeline.value(latest, [key]) == "2026-01-09"
    (found,) = [row for row in call("correct", "list", "--json").json if row["record_key"] == key]
    assert found["state"] == "outdated"


def test_a_correction_taken_back_is_as_if_it_had_not_been(call: Call, shop: Shop) -> None:
    (found,) = [row for row in call("correct", "list", "--json").json if row["record_key"] == FIXED]
    start = found["correction_id"][:8]
    for pattern in ("%", "_", "", f"%{start}", f"{start[:7]}_"):
        refused = call("correct", "revert", pattern)
        assert (refused.code, "No correction starts with" in refused.err) == (2, True), pattern
    said = call("correct", "revert", found["correction_id"][:8], "--reprocess")
    assert said.code == 1
    assert shop.exception("order_status_known", FIXED)["is_standing"]
    assert shop.exception("payment_order_exists", f"P-{FIXED}")["is_standing"]
    again = call("correct", "revert", found["correction_id"][:8])
    assert (again.code, "is already reverted" in again.err) == (2, True)


def test_altered_rows_are_restored_by_key_layer_or_all(call: Call, shop: Shop) -> None:
    pipeline = shop.pipeline
    status = f"select status from staging.base_orders where order_id = '{LEFT}' and _is_latest"
    raw = f"select status from raw.orders where order_id = '{LEFT}' order by 1"
    before = pipeline.query(status), pipeline.query(raw)
    said = call("reprocess", "--layer", "base_orders")
    assert (said.code, "Nothing was altered in base_orders" in said.err) == (2, True)
    for altered, chosen in (
        ("update staging.base_orders set status = 'x'", ("--keys", LEFT)),
        ("delete from staging.base_orders", ("--layer", "base_orders")),
        ("update raw.orders set status = 'x'", ("--altered",)),
        ("delete from raw.orders", ("--keys", LEFT)),
    ):
        pipeline.query(f"{altered} where order_id = '{LEFT}'")
        planned = call("reprocess", *chosen, "--plan", "--json").json
        assert {one["scope"] for one in planned} == {"altered"}, chosen
        said = call("reprocess", *chosen)
        assert "restored by this run" in said.out
        assert "not restored" not in said.out
        assert (pipeline.query(status), pipeline.query(raw)) == before, altered
