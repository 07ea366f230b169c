"""The history of runs, and the findings of each."""

from dataclasses import dataclass
from typing import Any

from runner.errors import ConfigurationError
from runner.postgres.database import Database

SLOWEST = 5


@dataclass(frozen=True)
class RunReport:
    """Everything recorded about one run.

    Attributes:
        run: The row of `quality.run_history`.
        tests: Tests that ran and did not pass.
        slowest: The steps that took longest.
        broken: Steps that ended in an error.
        rules: Failing results of this run, counted by entity and rule.
        reconciliations: Comparisons of this run that failed.
        mismatches: Mismatches of this run, counted by reconciliation and status.
    """

    run: dict[str, Any]
    tests: list[dict[str, Any]]
    slowest: list[dict[str, Any]]
    broken: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    reconciliations: list[dict[str, Any]]
    mismatches: list[dict[str, Any]]


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
    has_results = database.has("quality.dq_results")
    has_summary = database.has("quality.recon_summary")
    has_mismatches = database.has("quality.recon_row_mismatches")
    return RunReport(
        run=run,
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
        rules=database.rows(
            "select entity, rule_id, severity, count(*) as failed,"
            " (array_agg(record_key order by record_key))[1:3] as keys from {quality.dq_results}"
            " where run_id = %s and not passed group by entity, rule_id, severity"
            " order by failed desc, entity, rule_id",
            run_id,
        )
        if has_results
        else [],
        reconciliations=database.rows(
            "select reconciliation, kind, grain, metric_date, metric_name, expected_value,"
            " actual_value, discrepancy, tolerance::text as tolerance from {quality.recon_summary}"
            " where run_id = %s and not passed"
            " order by abs(discrepancy) desc nulls last, reconciliation, metric_date",
            run_id,
        )
        if has_summary
        else [],
        mismatches=database.rows(
            "select reconciliation, match_status, count(*) as records"
            " from {quality.recon_row_mismatches} where run_id = %s"
            " group by reconciliation, match_status order by reconciliation, match_status",
            run_id,
        )
        if has_mismatches
        else [],
    )
