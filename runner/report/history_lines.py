"""The history of runs as lines."""

from collections.abc import Iterator
from typing import Any

from runner.gate.history import RunReport
from runner.report.lines import Line, comparison, counted, difference, plain


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
    yield from _section("Rules that failed", [_rule(row) for row in report.rules])
    yield from _section(
        "Reconciliations that failed", [_comparison(row) for row in report.reconciliations]
    )
    yield from _section("Mismatches", [_mismatch(row) for row in report.mismatches])
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
