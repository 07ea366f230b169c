"""Explanations of exceptions in words."""

from collections.abc import Iterator

from runner.report.cause_phrases import cause_in_words, chance_in_words, shares_in_words
from runner.report.lines import Line, counted
from runner.workflow.causes.model import Explanation, FailingCheck, Group

SHOWN_CHECKS = 10


def explain_causes(explanation: Explanation) -> Iterator[Line]:
    """Every group of exceptions: its cause and how sure it is, its checks, and what to do next."""
    if not explanation.exceptions:
        yield Line(f"There are no open exceptions of dataset {explanation.dataset}.", "good")
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
        return "None of them is about a record whose columns could be compared."
    how = "A sample, the same each time" if explanation.is_sampled else "All of them"
    return f"Looked at: {failing:,} failures among {counted(others, 'record')}. {how}."


def _group(group: Group, is_only: bool) -> Iterator[Line]:
    if group.cause is not None:
        chances = [check.trait.chance for check in group.checks if check.trait is not None]
        exceptions = counted(group.exceptions, "exception")
        yield Line(f"{cause_in_words(group.cause)}: {exceptions}", "warn")
        for check in group.checks[:SHOWN_CHECKS]:
            if check.trait is not None:
                yield Line(
                    f"{check.check_id}: {shares_in_words(check.trait)}{_found(check)}", "", 2
                )
        yield Line(f"That this is chance: {chance_in_words(min(chances))}.", indent=2)
    else:
        words = "Nothing stands out" if is_only else "Of the other checks nothing stands out"
        yield Line(f"{words}: {counted(group.exceptions, 'exception')}", "warn")
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
