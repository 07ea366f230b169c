"""Verdicts and reports in words, as styled lines; how they reach a terminal is render's matter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from runner.causes.words import cause_in_words, shares_in_words
from runner.decision import Gate
from runner.doctor import Finding
from runner.verdict import Check, FailedNode, FailingRecord, Verdict

SHOWN_CHECKS = 40
SHOWN_OF_CAUSE = 3


@dataclass(frozen=True)
class Line:
    """One line of a report.

    Attributes:
        text: What it says; empty for an empty line.
        style: good, bad, warn, title, faint, or empty for plain.
        indent: Columns from the left; a line too long for the terminal is wrapped below itself.
        is_verbatim: Never wrapped, so that it can be copied: a command.
    """

    text: str = ""
    style: str = ""
    indent: int = 0
    is_verbatim: bool = False


def explain_verdict(verdict: Verdict, schema: str) -> Iterator[Line]:
    """The whole verdict: the decision, why, the worst of it, and where to look further.

    Args:
        schema: Name of the quality relations' schema, with the namespace.
    """
    style = "good" if verdict.exit_code == 0 else "bad"
    yield Line(f"Gate {verdict.gate.value.upper()} for dataset {verdict.dataset}.", style)
    yield Line(verdict.reason)
    yield Line(f"Run {verdict.run_id}, {verdict.seconds:.1f} s", "faint")
    if verdict.gate is not Gate.NOT_EVALUATED:
        yield from _checks(verdict)
        yield from _reconciliations(verdict)
        yield from _causes(verdict)
        yield from _records(verdict)
    yield from _nodes("What broke", verdict.broken)
    yield from _nodes("dbt tests that failed", verdict.failed_tests)
    yield from _attempts(verdict)
    yield from _expiring(verdict)
    yield from _further(verdict, schema)


def _checks(verdict: Verdict) -> Iterator[Line]:
    shut = verdict.shut_checks
    if not shut:
        passed = (
            "The only check" if len(verdict.checks) == 1 else f"All {len(verdict.checks)} checks"
        )
        # An entity's check counts the records on which the failures of its rules stand.
        suppressed = sum(
            check.suppressed_count for check in verdict.checks if check.kind != "entity"
        )
        words = f", {counted(suppressed, 'known failure')} suppressed" if suppressed else ""
        accepted = sum(check.accepted_count for check in verdict.checks)
        words += f", {counted(accepted, 'difference')} accepted" if accepted else ""
        yield Line(f"{passed} passed{words}.")
        return
    yield Line()
    yield Line(f"Why it is shut: {len(shut)} of {counted(len(verdict.checks), 'check')}", "title")
    for check in shut[:SHOWN_CHECKS]:
        yield Line(f"{_name(check)}: {check.open_count:,} failing{_limits(check)}", "bad", 2)
        yield Line("; ".join(filter(None, [check.detail, _keys(check)])), indent=6)
    if len(shut) > SHOWN_CHECKS:
        yield Line(f"… and {counted(len(shut) - SHOWN_CHECKS, 'more check')}.", indent=2)


def _keys(check: Check) -> str:
    if not check.sample:
        return ""
    more = check.open_count - len(check.sample)
    return f"keys: {', '.join(check.sample)}" + (f", and {more:,} more" if more > 0 else "")


def _name(check: Check) -> str:
    of = f" of {check.entity}" if check.entity and check.entity != check.check_id else ""
    return f"{check.kind} {check.check_id}{of}"


def _limits(check: Check) -> str:
    known = f", {check.suppressed_count:,} more suppressed" if check.suppressed_count else ""
    accepted = f", {check.accepted_count:,} accepted" if check.accepted_count else ""
    return f", {check.allowed} allowed{known}{accepted}"


def _reconciliations(verdict: Verdict) -> Iterator[Line]:
    if not verdict.reconciliations:
        return
    shown, total = len(verdict.reconciliations), verdict.reconciliation_count
    yield Line()
    words = f" ({shown} of {total})" if shown < total else ""
    yield Line(f"Reconciliations furthest off{words}", "title")
    for one in verdict.reconciliations:
        what = comparison(one.reconciliation, one.metric_name, one.metric_date, one.grain)
        yield Line(what, "warn", 2)
        yield Line(difference(one.expected, one.actual, one.discrepancy, one.tolerance), indent=6)


def comparison(
    reconciliation: str, metric_name: str | None, day: date | None, grain: dict[str, Any] | None
) -> str:
    """What was compared, in words: the reconciliation, the metric, the day and the rest."""
    parts = [reconciliation, metric_name or "", day.isoformat() if day else ""]
    for key, value in (grain or {}).items():
        if value is not None and str(value) != parts[2]:
            parts.append(f"{key} {value}")
    return ", ".join(filter(None, parts))


def difference(
    expected: Decimal | None,
    actual: Decimal | None,
    discrepancy: Decimal | None,
    tolerance: str | None,
) -> str:
    """Expected, actual and what is between them, in words."""
    allowed = f", tolerance {tolerance}" if tolerance else ""
    return (
        f"expected {number(expected)}, actual {number(actual)}, "
        f"difference {number(discrepancy)}{allowed}"
    )


def _causes(verdict: Verdict) -> Iterator[Line]:
    if not verdict.causes:
        return
    yield Line()
    yield Line("What failing records have in common", "title")
    for group in verdict.causes:
        if group.cause is None:
            continue
        yield Line(cause_in_words(group.cause), "warn", 2)
        for check in group.checks[:SHOWN_OF_CAUSE]:
            if check.trait is not None:
                yield Line(f"{check.check_id}: {shares_in_words(check.trait)}", indent=6)


def _records(verdict: Verdict) -> Iterator[Line]:
    if not verdict.records:
        return
    shown = len(verdict.records)
    yield Line()
    words = f" ({shown} of {verdict.record_count:,})" if shown < verdict.record_count else ""
    yield Line(f"Failing records{words}", "title")
    for record in verdict.records:
        yield Line(f"{record.entity} {record.record_key}: {record.check_id}", "warn", 2)
        if record.message:
            yield Line(record.message, indent=6)
        if values := _values(record):
            yield Line(values, indent=6)


def _values(record: FailingRecord) -> str:
    """Actual and expected value, where the message does not say them already."""
    values = {"actual": record.actual, "expected": record.expected}
    known = {name: value for name, value in values.items() if value is not None}
    if all(value in record.message for value in known.values()):
        return ""
    return ", ".join(f"{name} {value}" for name, value in known.items())


def _nodes(title: str, nodes: tuple[FailedNode, ...]) -> Iterator[Line]:
    if not nodes:
        return
    yield Line()
    yield Line(title, "title")
    for node in nodes:
        yield Line(f"{node.name} ({node.path})", "bad", 2)
        if node.message:
            yield Line(node.message, indent=6)


def _attempts(verdict: Verdict) -> Iterator[Line]:
    attempts = verdict.attempts
    if not attempts.attempted_count:
        return
    left = attempts.attempted_count - attempts.recovered_count
    tried = counted(attempts.attempted_count, "failing record")
    yield Line()
    least = "At least " if attempts.is_capped else ""
    yield Line(
        f"{least}{tried} tried again: {attempts.recovered_count:,} recovered, {left:,} still fail."
    )


def _expiring(verdict: Verdict) -> Iterator[Line]:
    if not verdict.expiring:
        return
    yield Line()
    yield Line("Suppressions that expire within 7 days", "title")
    for one in verdict.expiring:
        scope = ", ".join(filter(None, [one["check_id"], one["entity"], one["record_key"]]))
        yield Line(
            f"{scope}: {plain(one['expires_at'])}, ticket {one['ticket']} "
            f"({one['suppression_id']})",
            "warn",
            2,
        )


def _further(verdict: Verdict, schema: str) -> Iterator[Line]:
    yield Line()
    yield Line("To look further", "title")
    commands = [f"runner show {verdict.run_id}", "runner history"]
    if verdict.records:
        commands.append(f"runner exceptions list --dataset {verdict.dataset}")
    queries = []
    if verdict.records:
        commands.append(f"runner exceptions explain --dataset {verdict.dataset}")
        check = verdict.records[0].check_id.replace("'", "''")
        queries.append(
            f"select * from {schema}.open_exceptions"
            f" where dataset = '{verdict.dataset}' and check_id = '{check}'"
        )
    if verdict.reconciliations:
        queries.append(
            f"select * from {schema}.recon_summary"
            f" where dataset = '{verdict.dataset}' and not passed"
        )
    commands += [f'runner db psql -c "{query}"' for query in queries]
    if verdict.broken:
        commands.append("less logs/dbt.log")
    for command in commands:
        yield Line(command, "faint", 2, is_verbatim=True)


def counted(count: int, noun: str) -> str:
    """`1 record`, `2 records`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def number(value: Decimal | None) -> str:
    """A number with separators, each digit as it is; nothing at all is said so."""
    if value is None:
        return "nothing"
    return f"{value:,f}" if value.is_finite() else str(value)


def plain(value: Any) -> str:
    """A value of a report as text; NULL is a dash."""
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S %Z}".rstrip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def explain_finding(finding: Finding) -> Iterator[Line]:
    """A finding of the doctor, and its remedy below it."""
    style = {"warn": "warn", "fail": "bad"}.get(finding.status, "")
    yield Line(f"{finding.status:<5} {finding.check}: {finding.found}", style)
    if finding.remedy:
        yield Line(finding.remedy, indent=6)
