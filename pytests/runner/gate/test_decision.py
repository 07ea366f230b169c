"""What a run says it published, by what became of its nodes."""

import pytest

from runner.dbt.invocation import NodeResult
from runner.gate.decision import Gate, decide

MARTS = ("fct_orders", "fct_payments")


def result(name: str, status: str, resource_type: str = "model") -> NodeResult:
    return NodeResult(f"{resource_type}.shop.{name}", name, resource_type, "", status, 0, 1, "", "")


GATE_PASSED = result("is_open_gate_", "pass", "test")
ORDERS, PAYMENTS = (result(name, "success") for name in MARTS)


@pytest.mark.parametrize(
    ("results", "published", "reason"),
    [
        ([ORDERS, PAYMENTS], MARTS, "The marts are published."),
        ([], (), "The selection does not include the marts; nothing was published."),
        (
            [result("gate", "success"), PAYMENTS],
            ("fct_payments",),
            "Published: fct_payments. Not selected: fct_orders.",
        ),
        (
            [ORDERS, result("fct_payments", "error")],
            ("fct_orders",),
            "But dbt could not build fct_payments.",
        ),
        (
            [ORDERS, PAYMENTS, result("unique_order", "fail", "test")],
            MARTS,
            "But dbt tests below the gate failed: unique_order.",
        ),
    ],
)
def test_only_what_the_run_wrote_is_said_to_be_published(
    results: list[NodeResult], published: tuple[str, ...], reason: str
) -> None:
    found = decide(0, [GATE_PASSED, *results], MARTS)
    assert (found.gate, found.published, found.reason) == (Gate.OPEN, published, reason)


def test_a_project_without_marts_has_none_to_publish() -> None:
    assert decide(0, [GATE_PASSED], ()).reason == "The marts are published."


def test_a_shut_gate_publishes_nothing() -> None:
    found = decide(
        2, [result("is_open_gate_", "fail", "test"), result("fct_orders", "skipped")], MARTS
    )
    assert (found.gate, found.exit_code, found.published) == (Gate.SHUT, 1, ())
    assert "2 checks shut it. Nothing was published" in found.reason
