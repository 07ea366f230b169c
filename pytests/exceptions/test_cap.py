"""More failures of a check than it has exceptions: one stands for the rest, with their number."""

from __future__ import annotations

from typing import Any

import pytest

from ..conftest import MakePipeline
from .conftest import BUILD, LOST, Call, Shop, make_shop

CAP = 5
CHECK = "order_status_known"
REST = "(beyond the cap)"


@pytest.fixture(scope="module")
def shop(make_pipeline: MakePipeline) -> Shop:
    return make_shop(make_pipeline, cap=CAP)


def keys(shop: Shop, check: str = CHECK) -> list[str]:
    return [
        key
        for (key,) in shop.pipeline.query(
            "select record_key from quality.open_exceptions where check_id = %s order by 1", [check]
        )
    ]


def rest(shop: Shop, check: str = CHECK) -> dict[str, Any]:
    return shop.exception(check, REST)


def test_beyond_the_cap_one_critical_exception_has_the_number(shop: Shop) -> None:
    assert keys(shop) == [REST, *LOST[:CAP]]
    found = rest(shop)
    beyond = len(LOST) - CAP
    assert (found["severity"], found["record_count"]) == ("CRITICAL", beyond)
    assert found["details"] == {"beyond_cap": beyond, "failing": len(LOST)}
    assert found["message"] == "19 more fail it, beyond the 5 that have an exception of their own"
    results = shop.pipeline.value(
        "select count(*) from quality.dq_results where rule_id = %s", [CHECK]
    )
    assert results == len(LOST)
    # Four mismatches are below the cap.
    assert keys(shop, "recon_order_totals") == ["S-1", "S-2", "S-3", "S-4"]
    assert len(keys(shop, "payment_order_exists")) == CAP + 1


def test_the_gate_counts_all_of_them(shop: Shop) -> None:
    for check in (
        CHECK,
        "payment_order_exists",
        "orders_failed_records",
        "payments_failed_records",
    ):
        assert (shop.gate(check)["open_count"], shop.gate(check)["is_open"]) == (len(LOST), False)
    shop.pipeline.edit(
        "models/orders/orders.yml", "gate: {max_failed_rate: 0}", "gate: {max_failed: 23}"
    )
    shop.pipeline.runs("run", "--select", "gate")
    assert not shop.gate("orders_failed_records")["is_open"]
    shop.pipeline.edit(
        "models/orders/orders.yml", "gate: {max_failed: 23}", "gate: {max_failed: 24}"
    )
    shop.pipeline.runs("run", "--select", "gate")
    assert shop.gate("orders_failed_records")["is_open"]
    shop.pipeline.edit(
        "models/orders/orders.yml", "gate: {max_failed: 24}", "gate: {max_failed_rate: 0}"
    )
    shop.pipeline.runs("run", "--select", "gate")


def test_suppressing_counts_all_of_them_too(shop: Shop, call: Call) -> None:
    add = ("suppress", "add", "--check", CHECK, "--ticket", "T", "--reason", "r", "--expires", "1d")
    call(*add, "--key", "O-02")
    call(*add, "--key", "O-20")
    found = shop.gate("orders_failed_records")
    # O-20 has no exception of its own, and is known all the same.
    assert (found["open_count"], found["suppressed_count"]) == (len(LOST) - 2, 2)
    call(*add)
    found = shop.gate("orders_failed_records")
    assert (found["open_count"], found["suppressed_count"]) == (0, len(LOST))
    assert shop.gate(CHECK)["suppressed_count"] == len(LOST)
    shop.pipeline.query("delete from quality.suppressions")


def test_what_stands_for_many_is_worked_but_not_accepted(shop: Shop, call: Call) -> None:
    one = rest(shop)["exception_id"]
    assert call("exceptions", "ack", one).code == 0
    counts = call("exceptions", "summary", "--check", CHECK, "--json").json
    (total,) = [count for count in counts if count["dimension"] == "all"]
    assert (total["exceptions"], total["records"]) == (CAP + 1, len(LOST))
    as_if = (
        "update quality.exception_findings set exception_type = %s where exception_id = %s::uuid"
    )
    shop.pipeline.query(as_if, ["RECON_MISMATCH", one])
    said = call("exceptions", "resolve", one, "--action", "accepted", "--through")
    assert (said.code, "it represents many failures" in said.err) == (2, True)
    shop.pipeline.query(as_if, [rest(shop, "payment_order_exists")["exception_type"], one])


def test_those_that_have_an_exception_keep_it_and_the_next_ones_move_up(shop: Shop) -> None:
    """Two of the named are mended, and one with a lower key comes that fails."""
    failing = shop.pipeline.runs("test", "--select", "assert_every_failure_has_an_exception")
    assert failing.of("pass")
    shop.load(
        "second",
        [
            ("O-01", "approved", "10.00", "03"),
            ("O-02", "approved", "10.00", "03"),
            ("O-00", "lost", "10.00", "03"),
        ],
    )
    shop.pipeline.runs(*BUILD)
    assert keys(shop) == [REST, "O-00", "O-03", "O-04", "O-05", "O-06"]
    assert rest(shop)["record_count"] == len(LOST) - 1 - CAP
    assert shop.gate(CHECK)["open_count"] == len(LOST) - 1
    shop.load("third", [("O-0", "lost", "10.00", "03")])
    shop.pipeline.runs(*BUILD)
    # O-0 sorts before all others, which have their exceptions already.
    assert keys(shop) == [REST, "O-00", "O-03", "O-04", "O-05", "O-06"]
    assert rest(shop)["record_count"] == len(LOST) - CAP
    assert shop.pipeline.runs("test", "--select", "assert_every_failure_has_an_exception").of(
        "pass"
    )


def test_within_the_cap_again_each_has_its_own(shop: Shop) -> None:
    mended = [(order, "approved", "10.00", "06") for order in LOST[7:]]
    shop.load("fourth", [*mended, ("O-0", "approved", "10.00", "06")])
    shop.pipeline.runs(*BUILD)
    assert keys(shop) == [REST, "O-00", "O-03", "O-04", "O-05", "O-06"]
    more = [(order, "approved", "10.00", "07") for order in LOST[6:7]]
    shop.load("fifth", more)
    shop.pipeline.runs(*BUILD)
    assert keys(shop) == ["O-00", "O-03", "O-04", "O-05", "O-06"]
    found = rest(shop)
    assert (found["status"], found["record_count"]) == ("RESOLVED", 0)


@pytest.mark.parametrize("cap", [0, -1, "many"])
def test_another_cap_is_refused(shop: Shop, cap: object) -> None:
    shop.pipeline.set(exception_cap=cap)
    outcome = shop.pipeline.dbt("compile", "--select", "exception_findings")
    shop.pipeline.set(exception_cap=CAP)
    said = outcome.error + outcome.messages.get("exception_findings", "")
    assert f"exception_cap) is '{cap}', allowed are whole numbers from 1" in said
