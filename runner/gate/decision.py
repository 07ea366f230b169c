"""The decision of a run: the state of the gate, what was published, and the exit code."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from runner.dbt.invocation import NodeResult
from runner.exit_codes import ExitCode

GATE_TEST = "is_open_gate"
EVALUATED = ("pass", "warn", "fail")


class Gate(Enum):
    """State of the gate for the active dataset."""

    OPEN = "open"
    SHUT = "shut"
    NOT_EVALUATED = "not evaluated"


@dataclass(frozen=True)
class Decision:
    """The decision of a run, and its reason.

    Attributes:
        reason: One or two sentences.
        published: Names of the marts that the run published.
    """

    gate: Gate
    exit_code: ExitCode
    reason: str
    published: tuple[str, ...] = ()


def is_gate_test(result: NodeResult) -> bool:
    """Whether a node is the test that reads the gate."""
    return result.resource_type == "test" and result.name.startswith(GATE_TEST)


def gate_test(results: Sequence[NodeResult]) -> bool | None:
    """Whether the test that reads the gate passed; None if it did not run."""
    for result in results:
        if is_gate_test(result) and result.status in EVALUATED:
            return result.status == "pass"
    return None


def not_evaluated(results: Sequence[NodeResult]) -> Decision:
    """The decision of a run that did not evaluate the gate."""
    if broken := [result.name for result in results if result.status == "error"]:
        reason = (
            f"These nodes, which it depends on, failed: {', '.join(broken)}. Nothing was published."
        )
    elif any(map(is_gate_test, results)):
        reason = "Its test was skipped. Nothing was published."
    else:
        reason = (
            "The selection does not include it; run without --select, or select the gate as well."
        )
    return Decision(Gate.NOT_EVALUATED, ExitCode.ERROR, reason)


def decide(
    shut_count: int,
    results: Sequence[NodeResult],
    marts: Collection[str],
    governed: Collection[str] = (),
    other_dataset: str = "",
) -> Decision:
    """The decision of a run that read the gate.

    Args:
        shut_count: Checks of the gate that are shut, in the reading that was published under.
        results: Result of each node that the run selected.
        marts: Names of all models that publish.
        governed: Names of the marts that were published under that reading, selected or not.
        other_dataset: The dataset of which that reading was, if it is not the active one.
    """
    if other_dataset:
        reason = (
            f"Another run built it for dataset {other_dataset} meanwhile. "
            "Nothing was published: run again."
        )
        return Decision(Gate.SHUT, ExitCode.GATE_SHUT, reason)
    if shut_count:
        reason = f"{_shut_by(shut_count)} it. Nothing was published: the marts are unchanged."
        return Decision(Gate.SHUT, ExitCode.GATE_SHUT, reason)
    if gate_test(results) is False:
        reason = "It was shut when its test read it. Nothing was published: run again."
        return Decision(Gate.SHUT, ExitCode.GATE_SHUT, reason)
    done = {result.name for result in results if result.status == "success"}.union(governed)
    published = tuple(name for name in sorted(marts) if name in done)
    if broken := [result.name for result in results if result.status == "error"]:
        reason = f"But dbt could not build {', '.join(broken)}."
        return Decision(Gate.OPEN, ExitCode.ERROR, reason, published)
    failed = [result for result in results if result.status == "fail" and not is_gate_test(result)]
    if failed:
        reason = f"But dbt tests below the gate failed: {', '.join(test.name for test in failed)}."
        return Decision(Gate.OPEN, ExitCode.GATE_SHUT, reason, published)
    return Decision(Gate.OPEN, ExitCode.GATE_OPEN, _what_was_published(published, marts), published)


def decide_unchanged(shut_count: int, last_run: str) -> Decision:
    """The decision of a run that had nothing to build.

    Args:
        shut_count: Checks of the gate that are shut.
        last_run: The run that built the current state.
    """
    nothing = f"Nothing is new since run {last_run}; the marts are unchanged."
    if shut_count:
        return Decision(Gate.SHUT, ExitCode.GATE_SHUT, f"{_shut_by(shut_count)} it. {nothing}")
    return Decision(Gate.OPEN, ExitCode.GATE_OPEN, nothing)


def _shut_by(shut_count: int) -> str:
    return "1 check shuts" if shut_count == 1 else f"{shut_count} checks shut"


def _what_was_published(published: Sequence[str], marts: Collection[str]) -> str:
    left_out = sorted(set(marts) - set(published))
    if not left_out:
        return "The marts are published."
    if not published:
        return "The selection does not include the marts; nothing was published."
    return f"Published: {', '.join(published)}. Not selected: {', '.join(left_out)}."
