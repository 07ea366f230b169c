"""What runs make of what people decided: each test goes on where the one before ended."""

from __future__ import annotations

import pytest

from runner.workflow import doctor

from ..conftest import MakePipeline
from .conftest import BUILD, SHORT, Call, Shop, make_shop

TOTALS = "recon_order_totals"


@pytest.fixture(scope="module")
def shop(make_pipeline: MakePipeline) -> Shop:
    return make_shop(make_pipeline)


def status(shop: Shop, key: str) -> tuple[str, str | None, bool]:
    """Status, action, and whether it is accepted."""
    found = shop.exception(TOTALS, key)
    return found["status"], found["resolution_action"], found["is_accepted"]


def test_only_mismatches_are_accepted(shop: Shop, call: Call) -> None:
    one = shop.id("order_status_known", "O-01")
    said = call("exceptions", "resolve", one, "--action", "accepted", "--through")
    assert said.code == 2
    assert "only mismatches and lines rejected at load can be accepted" in said.err
    assert "runner suppress add" in said.err


def test_accepted_and_unchanged_does_not_shut_the_gate_and_is_counted(
    shop: Shop, call: Call
) -> None:
    given = ("exceptions", "resolve", "--through", "--yes", "--by", "ada", "--check", TOTALS)
    keys = [("accepted", "S-1"), ("accepted", "S-2"), ("corrected", "S-3"), ("rejected", "S-4")]
    for action, key in keys:
        assert call(*given, "--action", action, "--key", key).code == 0
    assert status(shop, "S-1") == ("RESOLVED", "ACCEPTED", True)
    assert status(shop, "S-3") == ("RESOLVED", "CORRECTED", False)
    assert status(shop, "S-4") == ("RESOLVED", "REJECTED", False)
    gate = shop.gate(TOTALS)
    assert (gate["open_count"], gate["accepted_count"], gate["is_open"]) == (2, 2, False)
    assert call(*given[:2], *given[4:], "--action", "accepted", "--through").code == 2


def test_a_total_is_accepted_as_well(shop: Shop, call: Call) -> None:
    (drift,) = shop.pipeline.query(
        "select exception_id from quality.exceptions where check_id = 'recon_daily_revenue'"
    )
    one = str(drift[0])
    done = call("exceptions", "resolve", one, "--action", "accepted", "--through")
    assert done.code == 0
    gate = shop.gate("recon_daily_revenue")
    assert (gate["open_count"], gate["accepted_count"], gate["is_open"]) == (0, 1, True)


def test_an_acceptance_ends_when_the_values_change_and_a_claim_when_it_is_found_again(
    shop: Shop, call: Call
) -> None:
    shop.load("second", [("S-2", "approved", "11.00", "03")])
    shop.pipeline.runs(*BUILD)
    # Unchanged: accepted and rejected hold; what was said to be corrected is found again.
    assert status(shop, "S-1") == ("RESOLVED", "ACCEPTED", True)
    assert status(shop, "S-4") == ("RESOLVED", "REJECTED", False)
    assert status(shop, "S-2") == ("NEW", None, False)
    assert status(shop, "S-3") == ("NEW", None, False)
    assert shop.gate(TOTALS)["open_count"] == len(SHORT) - 1
    for key, note in (("S-2", "total expected 11.00"), ("S-3", "total expected 10.00")):
        event, actor, before, after, found = shop.events(shop.id(TOTALS, key))[-1]
        assert (event, actor, before, after) == ("REOPENED", "run", "RESOLVED", "NEW")
        assert note in found
    assert shop.events(shop.id(TOTALS, "S-1"))[-1][0] == "RESOLVED"
    # It can be decided anew, with the values it has now.
    assert (
        call(
            *("exceptions", "resolve", shop.id(TOTALS, "S-2")),
            *("--action", "accepted", "--through"),
        ).code
        == 0
    )
    assert status(shop, "S-2") == ("RESOLVED", "ACCEPTED", True)


def test_what_is_gone_is_resolved_by_the_run_and_opens_anew_without_the_old_work(
    shop: Shop, call: Call
) -> None:
    one = shop.id(TOTALS, "S-3")
    assert call("exceptions", "ack", one).code == 0
    assert call("exceptions", "assign", one, "--to", "ada").code == 0
    shop.load("third", [("S-3", "approved", "10.00", "04")], paid="10.00")
    shop.pipeline.runs(*BUILD)
    assert status(shop, "S-3") == ("RESOLVED", "AUTO", False)
    assert shop.events(one)[-1] == (
        "RESOLVED",
        "run",
        "ACKNOWLEDGED",
        "RESOLVED",
        "no longer found",
    )
    for command in (("ack",), ("reopen",), ("block", "--note", "x")):
        said = call("exceptions", command[0], one, *command[1:])
        assert (said.code, "a run no longer found it" in said.err) == (2, True)
    shop.load("fourth", [("S-3", "approved", "10.00", "05")])
    shop.pipeline.runs(*BUILD)
    found = shop.exception(TOTALS, "S-3")
    assert (found["status"], found["episode"], found["assigned_to"]) == ("NEW", 2, None)
    assert found["opened_at"] > found["first_seen_at"]
    assert call("exceptions", "ack", one).code == 0
    found = shop.exception(TOTALS, "S-3")
    assert (found["status"], found["assigned_to"]) == ("ACKNOWLEDGED", None)


def test_a_run_that_finds_nothing_new_writes_nothing(shop: Shop) -> None:
    before = shop.pipeline.row_versions()
    shop.pipeline.runs("run", "--select", "exception_findings")
    after = shop.pipeline.row_versions()
    for table in ("exception_findings", "exception_events", "exception_work"):
        assert after[f"quality.{table}"] == before[f"quality.{table}"]


def test_past_the_sla_is_shown_and_shuts_the_gate_only_where_that_is_declared(
    shop: Shop, call: Call
) -> None:
    check = shop.gate("exceptions_past_sla")
    assert (check["open_count"], check["is_open"], check["severity"]) == (0, True, "WARNING")
    shop.pipeline.query(
        "update quality.exception_findings set opened_at = now() - interval '25 hours'"
        " where check_id = 'order_status_known' and record_key in ('O-01', 'O-02', 'O-03')"
    )
    ignored = shop.id("order_status_known", "O-03")
    assert call("exceptions", "ignore", ignored, "--through").code == 0
    listed = call("exceptions", "list", "--overdue", "--json").json
    assert {row["record_key"] for row in listed["exceptions"]} == {"O-01", "O-02"}
    check = shop.gate("exceptions_past_sla")
    assert (check["open_count"], check["is_open"]) == (2, True)
    assert check["detail"].startswith("2 ERROR, the first was due ")
    with shop.service() as database:
        finding = doctor.overdue(database)
    assert (finding.check, finding.status) == ("exceptions", "warn")
    assert finding.found.startswith("past their SLA: 2 ERROR of shop; the first was due ")
    shop.pipeline.set(max_exceptions_past_sla=1)
    shop.pipeline.runs("run", "--select", "gate")
    check = shop.gate("exceptions_past_sla")
    assert (check["severity"], check["allowed"], check["is_open"]) == ("ERROR", 1, False)
