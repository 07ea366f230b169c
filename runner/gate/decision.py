"""What a run comes to: what the gate says, what was published, and the exit code."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from runner.dbt.invocation import NodeResult
from runner.exit_codes import ExitCode

GATE_TEST = "is_open_gate"
EVALUATED = ("pass", "warn", "fail")


class Gate(Enum):
    """What the gate says of the active dataset."""

    OPEN = "open"
    SHUT = "shut"
    NOT_EVALUATED = "not evaluated"


@dataclass(frozen=True)
class Decision:
    """What was decided, and why.

    Attributes:
        reason: A sentence or two.
        published: Names of the marts that the run published.
    """

    gate: Gate
    exit_code: ExitCode
    reason: str
    published: tuple[str, ...] = ()


def is_gate_test(result: NodeResult) -> bool:
    """Whether a node is the test that asks the gate."""
    return result.resource_type == "test" and result.name.startswith(GATE_TEST)


def was_asked(results: Sequence[NodeResult]) -> bool:
    """Whether the gate was asked in the run that the results are of."""
    return any(is_gate_test(result) and result.status in EVALUATED for result in results)


def not_evaluated(results: Sequence[NodeResult]) -> Decision:
    """The decision of a run that did not ask the gate."""
    if broken := [result.name for result in results if result.status == "error"]:
        reason = f"It stands behind what broke: {', '.join(broken)}. Nothing was published."
    elif any(map(is_gate_test, results)):
        reason = "Its test was skipped. Nothing was published."
    else:
        reason = "The selection does not reach it; run without --select, or add the gate to it."
    return Decision(Gate.NOT_EVALUATED, ExitCode.TROUBLE, reason)


def decide(shut_count: int, results: Sequence[NodeResult], marts: Collection[str]) -> Decision:
    """The decision of a run that asked the gate.

    Args:
        shut_count: Checks of the gate that are shut.
        results: What became of each node that the run selected.
        marts: Names of all models that publish.
    """
    if shut_count:
        words = "1 check shuts" if shut_count == 1 else f"{shut_count} checks shut"
        reason = f"{words} it. Nothing was published: the marts are as they were."
        return Decision(Gate.SHUT, ExitCode.GATE_SHUT, reason)
    done = {result.name for result in results if result.status == "success"}
    published = tuple(name for name in sorted(marts) if name in done)
    if broken := [result.name for result in results if result.status == "error"]:
        reason = f"But dbt could not build {', '.join(broken)}."
        return Decision(Gate.OPEN, ExitCode.TROUBLE, reason, published)
    failed = [result for result in results if result.status == "fail" and not is_gate_test(result)]
    if failed:
        reason = f"But a dbt test failed after it: {', '.join(test.name for test in failed)}."
        return Decision(Gate.OPEN, ExitCode.GATE_SHUT, reason, published)
    return Decision(Gate.OPEN, ExitCode.GATE_OPEN, _what_was_published(published, marts), published)


def decide_unchanged(shut_count: int, last_run: str) -> Decision:
    """The decision of a run that had nothing to build.

    Args:
        shut_count: Checks of the gate that are shut.
        last_run: The run that built what is there.
    """
    nothing = f"Nothing is new since run {last_run}; the marts are as they were."
    if shut_count:
        words = "1 check shuts" if shut_count == 1 else f"{shut_count} checks shut"
        return Decision(Gate.SHUT, ExitCode.GATE_SHUT, f"{words} it. {nothing}")
    return Decision(Gate.OPEN, ExitCode.GATE_OPEN, nothing)


def _what_was_published(published: Sequence[str], marts: Collection[str]) -> str:
    left_out = sorted(set(marts) - set(published))
    if not left_out:
        return "The marts are published."
    if not published:
        return "The marts were not part of the selection; nothing was published."
    return f"Published: {', '.join(published)}. Not part of the selection: {', '.join(left_out)}."
