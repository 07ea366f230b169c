"""Read exceptions: a page of them, one with its history, and counts."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from runner.postgres.database import Database
from runner.workflow.exceptions.filters import CONDITION, Filter

DIMENSIONS = ("check", "entity", "status", "severity", "type", "layer", "table", "age")
AGES = ("under 1 day", "1 to 7 days", "7 to 30 days", "over 30 days")
_RANK = "array_position(array['CRITICAL', 'ERROR', 'WARNING'], severity)"


@dataclass(frozen=True)
class Page:
    """A page of the exceptions that a filter selects, most severe and oldest first.

    Attributes:
        exceptions: Rows of `quality.exceptions`.
        total: Number of exceptions on all pages.
        after: Id from which the next page continues; None on the last page.
    """

    exceptions: list[dict[str, Any]]
    total: int
    after: UUID | None


@dataclass(frozen=True)
class ExceptionReport:
    """Everything recorded about one exception.

    Attributes:
        exception: The row of `quality.exceptions`.
        events: Its events, oldest first.
        suppressions: Active suppressions that cover it.
    """

    exception: dict[str, Any]
    events: list[dict[str, Any]]
    suppressions: list[dict[str, Any]]


@dataclass(frozen=True)
class Count:
    """Counts of the exceptions with one value of a dimension.

    Attributes:
        dimension: One of DIMENSIONS, or `all`.
        value: The value; empty for all.
        exceptions: Number of exceptions.
        records: Number of failures that they represent.
        suppressed: Number of exceptions under a suppression.
        overdue: Number of exceptions past their SLA.
    """

    dimension: str
    value: str
    exceptions: int
    records: int
    suppressed: int
    overdue: int


def list_exceptions(
    database: Database, wanted: Filter, limit: int, after: UUID | None = None
) -> Page:
    """A page of exceptions, by severity, then oldest first.

    Args:
        limit: Maximum number of exceptions.
        after: Id of the last exception of the previous page.
    """
    parameters = {**wanted.parameters(), "after": after, "limit": limit + 1}
    found = database.rows(
        "select * from {quality.exceptions} where " + CONDITION + " and (%(after)s::uuid is null"
        " or (" + _RANK + ", first_seen_at, exception_id) > ("
        "select " + _RANK + ", first_seen_at, exception_id from {quality.exceptions}"
        " where exception_id = %(after)s::uuid"
        ")) order by " + _RANK + ", first_seen_at, exception_id limit %(limit)s",
        parameters,
    )
    shown = found[:limit]
    last: UUID | None = shown[-1]["exception_id"] if len(found) > limit else None
    return Page(exceptions=shown, total=count_exceptions(database, wanted), after=last)


def count_exceptions(database: Database, wanted: Filter) -> int:
    """Number of exceptions that a filter selects."""
    found = database.row(
        "select count(*) as total from {quality.exceptions} where " + CONDITION,
        wanted.parameters(),
    )
    assert found is not None
    return int(found["total"])


def report_exception(database: Database, exception_id: UUID) -> ExceptionReport:
    """Everything recorded about one existing exception."""
    exception = database.row(
        "select * from {quality.exceptions} where exception_id = %s", [exception_id]
    )
    assert exception is not None
    return ExceptionReport(
        exception=exception,
        events=database.rows(
            "select event, actor, from_status, to_status, note, details, run_id, occurred_at"
            " from {quality.exception_events} where exception_id = %s order by occurred_at",
            [exception_id],
        ),
        suppressions=database.rows(
            "select suppression_id, ticket, reason, created_by, expires_at"
            " from {quality.active_suppressions} where check_id = %(check_id)s"
            " and coalesce(entity, %(entity)s) = %(entity)s"
            " and coalesce(record_key, %(record_key)s) = %(record_key)s order by expires_at",
            {name: exception[name] for name in ("check_id", "entity", "record_key")},
        ),
    )


def summarise(database: Database, wanted: Filter) -> list[Count]:
    """Counts of exceptions, in total and by each dimension, largest first."""
    found = database.rows(
        "with selected as ("
        " select check_id, entity, status, severity, exception_type, source_layer, source_table,"
        " record_count, is_suppressed, is_overdue,"
        " case when opened_at > now() - interval '1 day' then %(age_1)s::text"
        " when opened_at > now() - interval '7 days' then %(age_2)s::text"
        " when opened_at > now() - interval '30 days' then %(age_3)s::text"
        " else %(age_4)s::text end as age"
        " from {quality.exceptions} where " + CONDITION + ") select"
        " case when grouping(check_id) = 0 then 'check' when grouping(entity) = 0 then 'entity'"
        " when grouping(status) = 0 then 'status' when grouping(severity) = 0 then 'severity'"
        " when grouping(exception_type) = 0 then 'type'"
        " when grouping(source_layer) = 0 then 'layer'"
        " when grouping(source_table) = 0 then 'table'"
        " when grouping(age) = 0 then 'age' else 'all' end as dimension,"
        " coalesce(check_id, entity, status, severity, exception_type, source_layer, source_table,"
        " age, '') as value,"
        " count(*) as exceptions, coalesce(sum(record_count), 0)::bigint as records,"
        " count(*) filter (where is_suppressed) as suppressed,"
        " count(*) filter (where is_overdue) as overdue"
        " from selected group by grouping sets"
        " ((), (check_id), (entity), (status), (severity), (exception_type), (source_layer),"
        " (source_table), (age))"
        " order by dimension, exceptions desc, value",
        {
            **wanted.parameters(),
            **{f"age_{number}": age for number, age in enumerate(AGES, start=1)},
        },
    )
    return [Count(**row) for row in found]


def overdue_exceptions(database: Database) -> list[dict[str, Any]]:
    """Number of exceptions past their SLA, by dataset and severity, most severe first."""
    return database.rows(
        "select dataset, severity, count(*) as exceptions, min(sla_due_at) as first_due_at"
        " from {quality.exceptions} where is_overdue group by dataset, severity"
        " order by dataset, " + _RANK
    )
