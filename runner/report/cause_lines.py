"""Explanations of exceptions as lines."""

from collections.abc import Iterator

from runner.report.cause_phrases import cause_phrase, chance_phrase, shares_phrase
from runner.report.lines import Line, counted
from runner.workflow.causes.model import Explanation, FailingCheck, Group

SHOWN_CHECKS = 10


def explain_causes(explanation: Explanation) -> Iterator[Line]:
    """Every group of exceptions: its likely cause, its checks, and the next command."""
    if not explanation.exceptions:
        yield Line(f"There are no open exceptions in dataset {explanation.dataset}.", "good")
        return
    yield Line(
        f"{counted(explanation.exceptions, 'open exception')} of dataset {explanation.dataset}.",
        "title",
    )
    yield Line(_looked_at(explanation), "faint")
    for group in explanation.groups:
        yield Line()
        yield from _group(group, is_only=not explanation.causes)


def _looked_at(explanation: Explanation) -> str:
    failing, others = explanation.looked_at
    if not failing:
        return "None of them concerns a record whose columns could be compared."
    how = "A repeatable sample" if explanation.is_sampled else "All of them"
    return f"Compared: {failing:,} failures among {counted(others, 'record')}. {how}."


def _group(group: Group, is_only: bool) -> Iterator[Line]:
    if group.cause is not None:
        chances = [check.trait.chance for check in group.checks if check.trait is not None]
        exceptions = counted(group.exceptions, "exception")
        yield Line(f"{cause_phrase(group.cause)}: {exceptions}", "warn")
        for check in group.checks[:SHOWN_CHECKS]:
            if check.trait is not None:
                yield Line(f"{check.check_id}: {shares_phrase(check.trait)}{_found(check)}", "", 2)
        yield Line(f"Probability of chance: {chance_phrase(min(chances))}.", indent=2)
    else:
        title = "No significant cause" if is_only else "No significant cause for the other checks"
        yield Line(f"{title}: {counted(group.exceptions, 'exception')}", "warn")
        for check in group.checks[:SHOWN_CHECKS]:
            of = f" of {check.entity}" if check.entity else ""
            exceptions = counted(check.exceptions, "exception")
            yield Line(f"{check.check_id}{of}: {exceptions}{_found(check)}", "", 2)
    if len(group.checks) > SHOWN_CHECKS:
        yield Line(f"… and {counted(len(group.checks) - SHOWN_CHECKS, 'more check')}", indent=2)
    for action in group.actions:
        yield Line(f"{', '.join(action.exception_types)}: {action.advice}", indent=2)
        for command in action.commands:
            yield Line(command, "faint", 6, is_verbatim=True)


def _found(check: FailingCheck) -> str:
    if not check.found:
        return ""
    return "; found " + ", ".join(f"'{value}' {times:,} times" for value, times in check.found)
