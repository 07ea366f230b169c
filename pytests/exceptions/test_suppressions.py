"""Suppressions from the command line, and what a run says of those that end soon."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runner.exit_codes import ExitCode
from runner.gate.decision import Gate
from runner.gate.verdict import Verdict
from runner.report.verdict_lines import explain_verdict
from runner.workflow.suppressions import expiring_suppressions

from .conftest import LOST, Call, Shop

CHECK = "order_status_known"
ADD = ("suppress", "add", "--check", CHECK, "--ticket", "SHOP-1", "--reason", "known")


@pytest.fixture(autouse=True)
def _clean(shop: Shop) -> Iterator[None]:
    yield
    shop.pipeline.query("delete from quality.suppressions")


def counts(shop: Shop, check: str = CHECK) -> tuple[int, int, bool]:
    """Open and suppressed, and whether the gate is open for this check."""
    found = shop.gate(check)
    return found["open_count"], found["suppressed_count"], found["is_open"]


def test_a_suppression_lets_the_gate_pass_and_is_counted_until_revoked(
    shop: Shop, call: Call
) -> None:
    assert counts(shop) == (len(LOST), 0, False)
    made = call(*ADD, "--expires", "30d", "--by", "ada", "--json").json
    assert (made["covered"], made["state"], made["created_by"]) == (len(LOST), "active", "ada")
    assert counts(shop) == (0, len(LOST), True)
    assert counts(shop, "orders_failed_records") == (0, len(LOST), True)
    listed = call("exceptions", "list", "--check", CHECK, "--json").json
    assert {row["is_suppressed"] for row in listed["exceptions"]} == {True}
    shown = call("exceptions", "show", shop.id(CHECK, "O-01")).out
    assert "by ada, ticket SHOP-1: known" in shown
    revoked = call("suppress", "revoke", made["suppression_id"][:6], "--by", "bob")
    assert revoked.code == 0
    assert counts(shop) == (len(LOST), 0, False)
    again = call("suppress", "revoke", made["suppression_id"])
    assert (again.code, "is already revoked" in again.err) == (2, True)
    assert call("suppress", "list").out == "There are no suppressions.\n"
    (past,) = call("suppress", "list", "--all", "--json").json
    assert (past["state"], past["revoked_by"]) == ("revoked", "bob")


def test_a_suppression_is_of_a_check_an_entity_or_a_record(shop: Shop, call: Call) -> None:
    said = call(*ADD, "--entity", "orders", "--key", "O-01", "--expires", "2199-12-31")
    assert "it covers 1 open exception." in " ".join(said.out.split())
    assert counts(shop) == (len(LOST) - 1, 1, False)
    said = call(*ADD, "--entity", "payments", "--expires", "1d")
    assert "it covers 0 open exceptions." in " ".join(said.out.split())
    assert counts(shop) == (len(LOST) - 1, 1, False)


def test_an_expired_one_bites_by_itself(shop: Shop, call: Call) -> None:
    call(*ADD, "--expires", "1d")
    assert counts(shop) == (0, len(LOST), True)
    shop.pipeline.query("update quality.suppressions set expires_at = now() - interval '1 second'")
    assert counts(shop) == (len(LOST), 0, False)
    (past,) = call("suppress", "list", "--all", "--json").json
    assert past["state"] == "expired"
    assert call("suppress", "revoke", past["suppression_id"]).code == 2


def test_those_that_expire_within_a_week_are_shown_in_each_run(shop: Shop, call: Call) -> None:
    call(*ADD, "--key", "O-01", "--expires", "6d")
    call(*ADD, "--key", "O-02", "--expires", "8d")
    listed = call("suppress", "list", "--json").json
    assert [(one["record_key"], one["state"]) for one in listed] == [
        ("O-01", "expiring"),
        ("O-02", "active"),
    ]
    assert "expiring" in call("suppress", "list").out
    with shop.service() as database:
        expiring = tuple(expiring_suppressions(database))
    assert [one["record_key"] for one in expiring] == ["O-01"]
    for gate in Gate:
        verdict = Verdict("r", "shop", gate, ExitCode.GATE_OPEN, "because", expiring=expiring)
        said = [line.text for line in explain_verdict(verdict, "quality")]
        assert "Suppressions that expire within 7 days" in said
        assert any(line.startswith(f"{CHECK}, O-01: ") for line in said)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "--check", CHECK], "Missing option '--ticket'"),
        (["add", "--check", CHECK, "--ticket", "T", "--reason", "r"], "Missing option '--expires'"),
        ([*ADD[1:], "--expires", "2020-01-01"], "is in the past"),
        ([*ADD[1:], "--expires", "next week"], "is not a valid expiry"),
        ([*ADD[1:], "--ticket", " ", "--expires", "1d"], "A suppression needs a ticket."),
        ([*ADD[1:], "--reason", "", "--expires", "1d"], "A suppression needs a reason."),
        ([*ADD[1:], "--check", "order_status", "--expires", "1d"], "Similar: order_status_known"),
        (
            [*ADD[1:], "--check", "orders_failed_records", "--expires", "1d"],
            "There is no check 'orders_failed_records'.",
        ),
        ([*ADD[1:], "--entity", "nobody", "--expires", "1d"], "There is no entity 'nobody'."),
        (["revoke", "nope"], "There is no suppression nope."),
        (["revoke", ""], "There is no suppression (empty id)."),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    shop: Shop, call: Call, arguments: list[str], words: str
) -> None:
    said = call("suppress", *arguments)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert shop.pipeline.value("select count(*) from quality.suppressions") == 0
