"""The history of runs as lines."""

from collections.abc import Callable, Iterator
from typing import Any

from runner.gate.history import RunReport
from runner.report.lines import Line, comparison, counted, difference, plain
from runner.workflow.retention import Removal

LISTED = 50
"""Maximum number of rows of a section in text."""


def run_columns(run: dict[str, Any]) -> dict[str, str]:
    """A row of the list of runs."""
    seconds = _seconds(run)
    return {
        "run": str(run["run_id"])[:8],
        "started": f"{run['started_at']:%Y-%m-%d %H:%M:%S}",
        "dataset": plain(run["dataset"]),
        "status": plain(run["status"]),
        "mismatches": plain(run["mismatch_count"]),
        "open": plain(run["open_exception_count"]),
        "seconds": "-" if seconds is None else f"{seconds:.1f}",
    }


def _seconds(run: dict[str, Any]) -> float | None:
    if run["finished_at"] is None:
        return None
    return float((run["finished_at"] - run["started_at"]).total_seconds())


def explain_run(report: RunReport) -> Iterator[Line]:
    """Everything recorded about one run, without empty sections."""
    known = {name: value for name, value in report.run.items() if value is not None}
    width = max(map(len, known))
    for name, value in known.items():
        text = str(value) if isinstance(value, int | float) else plain(value)
        yield Line(f"{name:<{width}}  {plain(value) if isinstance(value, bool) else text}")
    yield from _section("Nodes with errors", [_broken(row) for row in report.broken])
    if report.has_figures:
        yield from _section("Totals", [(_totals(report.totals), "")])
    elif report.run["open_exception_count"] is not None:
        yield Line()
        yield Line("Its figures were not kept: it was recorded by an earlier version.")
    yield from _section(
        "Checks that shut the gate", [_check(row) for row in report.checks if not row["is_open"]]
    )
    yield from _section("Rules that failed", [_rule(row) for row in report.rules])
    yield from _section(
        "Reconciliations that failed", [_comparison(row) for row in report.reconciliations]
    )
    yield from _section("Mismatches", [_mismatch(row) for row in report.mismatches])
    yield from _section("Keys that do not match", _shortened(_key, report.mismatched))
    yield from _section("Open exceptions", _shortened(_exception, report.exceptions))
    yield from _section("Recovered", _shortened(_exception, report.recovered))
    yield from _section("dbt tests that did not pass", [_test(row) for row in report.tests])
    yield from _section("Slowest steps", [_step(row) for row in report.slowest])


def _section(title: str, entries: list[tuple[str, str]]) -> Iterator[Line]:
    if not entries:
        return
    yield Line()
    yield Line(title, "title")
    for heading, detail in entries:
        yield Line(heading, indent=2)
        if detail:
            yield Line(detail, indent=6)


def _name(node_id: str) -> str:
    """`gate` of `model.trustgate.gate`; without the hash at the end of a test's id."""
    parts = node_id.split(".")
    return parts[2] if len(parts) > 2 else node_id


def _broken(row: dict[str, Any]) -> tuple[str, str]:
    return _name(row["node_id"]), plain(row["message"])


def _rule(row: dict[str, Any]) -> tuple[str, str]:
    more = row["failed"] - len(row["keys"])
    keys = ", ".join(map(str, row["keys"])) + (f", and {more:,} more" if more else "")
    records = counted(row["failed"], "record")
    return f"{row['rule_id']} of {row['entity']}: {records}, {row['severity']}", f"keys: {keys}"


def _shortened(
    describe: Callable[[dict[str, Any]], tuple[str, str]], rows: list[dict[str, Any]]
) -> list[tuple[str, str]]:
    more = len(rows) - LISTED
    listed = [describe(row) for row in rows[:LISTED]]
    return [*listed, (f"and {more:,} more: --json lists all", "")] if more > 0 else listed


def _totals(totals: dict[str, Any]) -> str:
    share = totals["success_rate"]
    return (
        f"{totals['open_checks']:,} of {counted(totals['checks'], 'check')} open,"
        f" {totals['passed_results']:,} of {counted(totals['results'], 'result')} agree"
        + ("" if share is None else f", {share:.1%}")
    )


def _check(row: dict[str, Any]) -> tuple[str, str]:
    of = f" of {row['entity']}" if row["entity"] else ""
    return f"{row['check_id']}{of}: {row['open_count']:,} open", plain(row["detail"] or "")


def _key(row: dict[str, Any]) -> tuple[str, str]:
    fields = row["field_comparisons"] or {}
    differing = row["mismatched_fields"] or ()
    return (
        f"{row['reconciliation']}: {plain(row['record_key'])}, {row['match_status']}",
        "; ".join(f"{name}: {_values(fields.get(name))}" for name in differing),
    )


def _values(compared: Any) -> str:
    if not isinstance(compared, dict):
        return plain(compared)
    return ", ".join(f"{name} {plain(value)}" for name, value in compared.items())


def _exception(row: dict[str, Any]) -> tuple[str, str]:
    key = plain(row["record_key"])
    return f"{row['check_id']} of {row['entity']}: {key}", plain(row.get("message") or "")


def _comparison(row: dict[str, Any]) -> tuple[str, str]:
    return (
        comparison(row["reconciliation"], row["metric_name"], row["metric_date"], row["grain"]),
        difference(
            row["expected_value"], row["actual_value"], row["discrepancy"], row["tolerance"]
        ),
    )


def _mismatch(row: dict[str, Any]) -> tuple[str, str]:
    return f"{row['reconciliation']}: {row['records']:,} {row['match_status']}", ""


def _test(row: dict[str, Any]) -> tuple[str, str]:
    failures = f", {counted(row['failures'], 'failure')}" if row["failures"] else ""
    return f"{row['test_name']}: {row['status']}{failures}", plain(row["message"] or "").strip("-")


def _step(row: dict[str, Any]) -> tuple[str, str]:
    rows = f", {counted(row['rows_affected'], 'row')}" if row["rows_affected"] is not None else ""
    return f"{_name(row['node_id'])}: {plain(row['duration_s'])} s, {row['status']}{rows}", ""


def explain_removal(removal: Removal) -> Iterator[Line]:
    """What the retention removed, or would remove."""
    if not removal.runs:
        yield Line("No run exceeds the limits.")
        return
    verb = "Removed" if removal.is_done else "Would remove"
    since = f"{removal.last_started_at:%Y-%m-%d %H:%M:%S}"
    yield Line(f"{verb} {counted(removal.runs, 'run')}, the last one of {since}.")
    for table, rows in removal.rows.items():
        yield Line(f"{table}: {counted(rows, 'row')}", indent=2)
    if not removal.is_done:
        yield Line("Nothing was changed. Remove them with --yes.")
