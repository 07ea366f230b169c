"""The verdict of a run as lines."""

from collections.abc import Iterator

from runner.gate.decision import Gate
from runner.gate.verdict import Check, FailedNode, FailingRecord, Verdict
from runner.report.cause_phrases import cause_phrase, shares_phrase
from runner.report.lines import Line, comparison, counted, difference, plain

SHOWN_CHECKS = 40
SHOWN_OF_CAUSE = 3


def explain_verdict(verdict: Verdict, schema: str) -> Iterator[Line]:
    """The verdict: the decision, its reasons, samples of what fails, and commands for details.

    Args:
        schema: Name of the schema quality, with the namespace.
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
    yield from _altered(verdict)
    yield from _nodes("Nodes with errors", verdict.broken)
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
        # The check of an entity counts the records that the failures of its rules are about.
        suppressed = sum(
            check.suppressed_count for check in verdict.checks if check.kind != "entity"
        )
        known = f", {counted(suppressed, 'known failure')} suppressed" if suppressed else ""
        accepted = sum(check.accepted_count for check in verdict.checks)
        known += f", {counted(accepted, 'difference')} accepted" if accepted else ""
        yield Line(f"{passed} passed{known}.")
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
    share = f" ({shown} of {total})" if shown < total else ""
    yield Line(f"Largest differences in reconciliations{share}", "title")
    for one in verdict.reconciliations:
        what = comparison(one.reconciliation, one.metric_name, one.metric_date, one.grain)
        yield Line(what, "warn", 2)
        yield Line(difference(one.expected, one.actual, one.discrepancy, one.tolerance), indent=6)


def _causes(verdict: Verdict) -> Iterator[Line]:
    if not verdict.causes:
        return
    yield Line()
    yield Line("What failing records have in common", "title")
    for group in verdict.causes:
        if group.cause is None:
            continue
        yield Line(cause_phrase(group.cause), "warn", 2)
        for check in group.checks[:SHOWN_OF_CAUSE]:
            if check.trait is not None:
                yield Line(f"{check.check_id}: {shares_phrase(check.trait)}", indent=6)


def _records(verdict: Verdict) -> Iterator[Line]:
    if not verdict.records:
        return
    shown = len(verdict.records)
    yield Line()
    share = f" ({shown} of {verdict.record_count:,})" if shown < verdict.record_count else ""
    yield Line(f"Failing records{share}", "title")
    for record in verdict.records:
        yield Line(f"{record.entity} {record.record_key}: {record.check_id}", "warn", 2)
        if record.message:
            yield Line(record.message, indent=6)
        if values := _values(record):
            yield Line(values, indent=6)


def _values(record: FailingRecord) -> str:
    """Actual and expected value, unless the message has them already."""
    values = {"actual": record.actual, "expected": record.expected}
    known = {name: value for name, value in values.items() if value is not None}
    if all(value in record.message for value in known.values()):
        return ""
    return ", ".join(f"{name} {value}" for name, value in known.items())


def _altered(verdict: Verdict) -> Iterator[Line]:
    if not verdict.altered:
        return
    shown = len(verdict.altered)
    yield Line()
    share = f" ({shown} of {verdict.altered_count:,})" if shown < verdict.altered_count else ""
    yield Line(f"Rows altered from outside{share}", "title")
    for one in verdict.altered:
        state = "restored by this run" if one.is_restored else "not restored"
        yield Line(
            f"{one.layer} {one.record_key}: {state}", "good" if one.is_restored else "bad", 2
        )
        what = {"INSERT": "row added", "DELETE": "row removed"}.get(one.operation, "")
        for name, values in one.fields.items():
            what += f"{', ' if what else ''}{name} {values['before']} -> {values['after']}"
        by = f", by {one.altered_by}" if one.altered_by else ""
        yield Line(f"{what or 'content'}{by}, {plain(one.altered_at)}", indent=6)
    if not all(one.is_restored for one in verdict.altered):
        yield Line("Restore them with: runner reprocess --altered", indent=2)


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
        f"{least}{tried} evaluated again: "
        f"{attempts.recovered_count:,} recovered, {left:,} still fail."
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
    yield Line("For details", "title")
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
