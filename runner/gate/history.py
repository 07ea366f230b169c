"""The history of runs, and the findings of each."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from runner.errors import ConfigurationError
from runner.postgres.database import Database

SLOWEST = 5
SAMPLE = 3


CHECKS = """
    select
        check_id, check_row.kind, entity, severity, coalesce(open_count, 0) as open_count,
        coalesce(suppressed_count, 0) as suppressed_count,
        coalesce(accepted_count, 0) as accepted_count, allowed, is_open, detail
    from {quality.figures_of}(%s) as kept
    cross join lateral jsonb_to_record(kept.figure) as check_row (
        check_id text, kind text, entity text, severity text, open_count bigint,
        suppressed_count bigint, accepted_count bigint, allowed text, is_open boolean, detail text
    )
    where kept.kind = 'check'
    order by is_open, open_count desc, check_row.kind, check_id, entity
"""
RESULTS = """
    select
        reconciliation, result.kind, grain, metric_date, metric_name, expected_value, actual_value,
        discrepancy, tolerance, compared, passed
    from {quality.figures_of}(%s) as kept
    cross join lateral jsonb_to_record(kept.figure) as result (
        reconciliation text, kind text, grain jsonb, metric_date date, metric_name text,
        expected_value numeric, actual_value numeric, discrepancy numeric, tolerance text,
        compared bigint, passed boolean
    )
    where kept.kind = 'result'
    order by passed, abs(discrepancy) desc nulls last, reconciliation, metric_date, metric_name,
        grain::text
"""
MISMATCHES = """
    select
        reconciliation, record_key, match_status, batch_id, mismatched_fields, field_comparisons,
        discrepancy
    from {quality.figures_of}(%s) as kept
    cross join lateral jsonb_to_record(kept.figure) as mismatch (
        reconciliation text, record_key text, match_status text, batch_id text,
        mismatched_fields text[], field_comparisons jsonb, discrepancy numeric
    )
    where kept.kind = 'mismatch'
    order by reconciliation, match_status, record_key
"""
EXCEPTIONS = """
    select entity, record_key, check_id, severity, message
    from {quality.figures_of}(%s) as kept
    cross join lateral jsonb_to_record(kept.figure) as exception (
        entity text, record_key text, check_id text, severity text, message text
    )
    where kept.kind = 'exception'
    order by entity, check_id, record_key
"""
RECOVERED = """
    select entity, record_key, check_id, severity
    from {quality.exception_events} as events
    inner join {quality.exception_findings} as findings
        on events.exception_id = findings.exception_id
    where events.run_id = %s and events.event = 'RESOLVED' and events.actor = 'run'
    order by entity, check_id, record_key
"""


@dataclass(frozen=True)
class RunReport:
    """Everything recorded about one run.

    Attributes:
        run: The row of `quality.run_history`.
        has_figures: Whether its figures were kept; else `checks` to `exceptions` are empty.
        tests: Tests that ran and did not pass.
        slowest: The steps that took longest.
        broken: Steps that ended in an error.
        checks: Rows of the gate as the run read it, shut ones first.
        results: Results of all reconciliations at its end, failed ones first.
        mismatched: Keys that did not match in reconciliations of rows, with both values.
        exceptions: Exceptions open at its end.
        recovered: Exceptions that it no longer found.
    """

    run: dict[str, Any]
    has_figures: bool
    tests: list[dict[str, Any]]
    slowest: list[dict[str, Any]]
    broken: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    results: list[dict[str, Any]]
    mismatched: list[dict[str, Any]]
    exceptions: list[dict[str, Any]]
    recovered: list[dict[str, Any]]

    @property
    def totals(self) -> dict[str, Any]:
        """Numbers of checks and results, those that passed, and their share, 0 to 1.

        The share is None where the run has neither: a share of nothing is not 0.
        """
        counted = len(self.checks) + len(self.results)
        passed = len([row for row in self.checks if row["is_open"]])
        agreed = len([row for row in self.results if row["passed"]])
        return {
            "checks": len(self.checks),
            "open_checks": passed,
            "results": len(self.results),
            "passed_results": agreed,
            "success_rate": Decimal(passed + agreed) / counted if counted else None,
        }

    @property
    def rules(self) -> list[dict[str, Any]]:
        """Rules that records fail: entity, rule_id, severity, failed and up to three keys."""
        keys: dict[tuple[str, str], list[str]] = {}
        for row in self.exceptions:
            keys.setdefault((row["entity"], row["check_id"]), []).append(row["record_key"])
        found = [
            {
                "entity": row["entity"],
                "rule_id": row["check_id"],
                "severity": row["severity"],
                "failed": row["open_count"] + row["suppressed_count"],
                "keys": keys.get((row["entity"], row["check_id"]), [])[:SAMPLE],
            }
            for row in self.checks
            if row["kind"] == "rule" and row["open_count"] + row["suppressed_count"]
        ]
        return sorted(found, key=lambda row: (-row["failed"], row["entity"], row["rule_id"]))

    @property
    def reconciliations(self) -> list[dict[str, Any]]:
        """Results that failed, the largest difference first."""
        return [row for row in self.results if not row["passed"]]

    @property
    def mismatches(self) -> list[dict[str, Any]]:
        """Keys that did not match, counted by reconciliation and status."""
        counts = Counter((row["reconciliation"], row["match_status"]) for row in self.mismatched)
        return [
            {"reconciliation": name, "match_status": status, "records": records}
            for (name, status), records in sorted(counts.items())
        ]

    def as_json(self) -> dict[str, Any]:
        """The report with what is counted from it."""
        counted = ("totals", "rules", "reconciliations", "mismatches")
        return {**vars(self), **{name: getattr(self, name) for name in counted}}


def recent_runs(database: Database, limit: int, dataset: str | None = None) -> list[dict[str, Any]]:
    """Runs, newest first; empty if there is none yet.

    Args:
        limit: Maximum number of runs.
        dataset: Only runs of this dataset.
    """
    if not database.has("quality.run_history"):
        return []
    return database.rows(
        "select * from {quality.run_history} where (%s::text is null or dataset = %s)"
        " order by started_at desc limit %s",
        [dataset, dataset, limit],
    )


def find_run(database: Database, start: str) -> dict[str, Any]:
    """The run whose id starts with `start`.

    Raises: ConfigurationError if there is none, or more than one.
    """
    found = (
        database.rows(
            "select * from {quality.run_history} where starts_with(run_id, %s)"
            " order by started_at desc limit 2",
            [start],
        )
        if start and database.has("quality.run_history")
        else []
    )
    if not found:
        raise ConfigurationError(
            f"There is no run {start or '(empty id)'}.", "List them with: runner history"
        )
    if len(found) > 1:
        raise ConfigurationError(
            f"More than one run starts with {start}.", "Give more characters of the id."
        )
    return found[0]


def report_run(database: Database, start: str) -> RunReport:
    """Everything recorded about one run.

    Args:
        start: The run id, or its first characters.
    Raises: ConfigurationError if there is none, or more than one.
    """
    run = find_run(database, start)
    run_id = [run["run_id"]]
    kept = database.has("quality.run_figures") and database.row(
        "select 1 from {quality.pipeline_runs} where run_id = %s and figures_seq is not null",
        run_id,
    )
    return RunReport(
        run=run,
        has_figures=bool(kept),
        tests=database.rows(
            "select test_name, model, status, failures, severity, message"
            " from {quality.test_results} where run_id = %s"
            " and status not in ('pass', 'success', 'skipped')"
            " order by failures desc nulls last, test_name",
            run_id,
        ),
        slowest=database.rows(
            "select node_id, status, rows_affected, duration_s from {quality.pipeline_steps}"
            " where run_id = %s order by duration_s desc nulls last, node_id limit %s",
            [*run_id, SLOWEST],
        ),
        broken=database.rows(
            "select node_id, status, message from {quality.pipeline_steps}"
            " where run_id = %s and status in ('error', 'runtime error') order by node_id",
            run_id,
        ),
        checks=database.rows(CHECKS, run_id) if kept else [],
        results=database.rows(RESULTS, run_id) if kept else [],
        mismatched=database.rows(MISMATCHES, run_id) if kept else [],
        exceptions=database.rows(EXCEPTIONS, run_id) if kept else [],
        recovered=database.rows(RECOVERED, run_id)
        if database.has("quality.exception_findings")
        else [],
    )
