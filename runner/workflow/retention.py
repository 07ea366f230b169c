"""Remove the records of old runs: by age and by number of runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from psycopg import sql

from runner.errors import ConfigurationError
from runner.postgres.database import Database, explained

if TYPE_CHECKING:
    from typing_extensions import LiteralString

RETIRED = """
    create temporary table retired_runs on commit drop as
    select run_id, started_at
    from (
        select
            runs.run_id,
            runs.started_at,
            runs.tests_ok is not null as is_tested,
            runs.figures_seq is not null as has_figures,
            history.status = 'running' as is_running,
            row_number() over (partition by runs.dataset order by runs.started_at desc) as place,
            row_number() over (
                partition by runs.dataset, runs.tests_ok is null order by runs.started_at desc
            ) as place_of_tested,
            row_number() over (
                partition by runs.dataset, runs.figures_seq is null
                order by runs.figures_seq desc, runs.started_at desc
            ) as place_of_figures
        from {quality.pipeline_runs} as runs
        inner join {quality.run_history} as history on runs.run_id = history.run_id
    ) as runs
    where
        place > %(keep)s
        and (%(before)s::timestamptz is null or started_at < %(before)s)
        and not is_running
        and not (is_tested and place_of_tested = 1)
        and not (has_figures and place_of_figures = 1)
"""
"""Runs to remove. What gate and next run read is exempt: the last run of each dataset, its last one
with tests, and its last one with figures."""

OF_RUN = "run_id in (select run_id from retired_runs)"
OF_NO_KEPT_RUN = """
    not exists (
        select 1
        from {quality.pipeline_runs} as runs
        where
            runs.dataset = run_figures.dataset
            and runs.figures_seq >= run_figures.first_seq
            and coalesce(runs.figures_seq < run_figures.until_seq, true)
            and runs.run_id not in (select run_id from retired_runs)
    )
"""
CONDITIONS: dict[str, LiteralString] = {
    "run_figures": OF_NO_KEPT_RUN,
    "pipeline_steps": OF_RUN,
    "test_results": OF_RUN,
    "gate_readings": OF_RUN,
    "pipeline_runs": OF_RUN,
}
"""Rows to remove of each table, in the order of removal."""


@dataclass(frozen=True)
class Removal:
    """What is removed, or would be.

    Attributes:
        is_done: Whether it was removed.
        runs: Number of runs.
        last_started_at: Start of the latest of them; None if there is none.
        rows: Number of rows by table.
    """

    is_done: bool
    runs: int
    last_started_at: datetime | None
    rows: dict[str, int]


def remove_old_runs(
    database: Database, older_than: timedelta | None, keep_runs: int | None, is_done: bool
) -> Removal:
    """Remove the records of runs that exceed every limit given, and the figures of none but them.

    Args:
        older_than: Least age of a run to remove, None for any.
        keep_runs: Number of the newest runs of each dataset to keep, None for any.
        is_done: Whether to remove them; else they are counted only.
    Raises: ConfigurationError if no limit is given, or there is no history yet.
    """
    if older_than is None and keep_runs is None:
        raise ConfigurationError(
            "No limit is given.", "Give --older-than AGE, --keep-runs N, or both."
        )
    if not database.has("quality.run_figures"):
        raise ConfigurationError("There is no history of this version yet.", "Start: runner run")
    schema = database.project.schema("quality")
    with explained(), database.connection.transaction():
        database.execute(
            "select pg_advisory_xact_lock(hashtext('trustgate figures'), hashtext(%s))", [schema]
        )
        row = database.row("select now() as now")
        before = row["now"] - older_than if row and older_than is not None else None
        database.execute(RETIRED, {"keep": keep_runs or 0, "before": before})
        retired = database.row(
            "select count(*)::integer as runs, max(started_at) as last from retired_runs"
        )
        rows = {
            table: _remove(database, table, condition, is_done)
            for table, condition in CONDITIONS.items()
        }
    assert retired is not None
    return Removal(is_done, retired["runs"], retired["last"], rows)


def _remove(database: Database, table: str, condition: LiteralString, is_done: bool) -> int:
    """Number of rows of a table that are removed, or would be."""
    start = "delete from {} where " if is_done else "select from {} where "
    statement = sql.SQL(start).format(database.relation(f"quality.{table}"))
    return database.connection.execute(statement + database.statement(condition)).rowcount
