"""Failing records that a run evaluated again, and how many recovered."""

from dataclasses import dataclass

from runner.postgres.database import Database

TRIED_AGAIN = """
    with
    failures as (
        select *, record_id is null as is_beyond_cap
        from {quality.exception_findings}
        where severity <> 'WARNING' and (record_id is not null or details ? 'beyond_cap')
    ),

    -- Failures that existed before this run.
    earlier as (
        select * from failures
        where
            changed_run is distinct from %(run)s and is_standing
            or changed_run = %(run)s and last_event not in ('OPENED', 'REOPENED')
    ),

    requested as (
        select request.dataset, served.entity, request.scope, request.record_key, request.batch_id
        from {quality.served_requests} as served
        inner join {quality.reprocess_requests} as request
            on served.request_id = request.request_id
        where served.run_id = %(run)s
    ),

    tried as (
        select dataset, entity, record_key, false as is_beyond_cap
        from {quality.retry_attempts}
        where run_id = %(run)s
        union
        select earlier.dataset, earlier.entity, earlier.record_key, earlier.is_beyond_cap
        from earlier
        inner join requested
            on
                earlier.dataset = requested.dataset
                and earlier.entity = requested.entity
                and earlier.record_key = requested.record_key
        where requested.scope = 'key'
        union
        select earlier.dataset, earlier.entity, earlier.record_key, earlier.is_beyond_cap
        from earlier
        inner join requested
            on
                earlier.dataset = requested.dataset
                and earlier.entity = requested.entity
                and earlier.batch_id = requested.batch_id
        where requested.scope = 'batch'
        union
        select earlier.dataset, earlier.entity, earlier.record_key, earlier.is_beyond_cap
        from earlier
        inner join requested
            on earlier.dataset = requested.dataset and earlier.entity = requested.entity
        where
            requested.scope in ('failed', 'all')
            -- The verdict of a stale record was written again.
            or requested.scope = 'stale_rules' and earlier.changed_run = %(run)s
    )

    select
        count(*) filter (where not is_beyond_cap) as attempted_count,
        count(*) filter (where not is_beyond_cap and not exists (
            select 1 from failures
            where
                failures.is_standing
                and failures.dataset = tried.dataset
                and failures.entity = tried.entity
                and failures.record_key = tried.record_key
        )) as recovered_count,
        coalesce(bool_or(is_beyond_cap), false) as is_capped
    from tried
"""


@dataclass(frozen=True)
class Attempts:
    """Failing records that a run evaluated again: due attempts, and requests.

    Attributes:
        attempted_count: Records that failed before and were evaluated again.
        recovered_count: Of those, how many no longer fail.
        is_capped: Whether there are more: records beyond the cap have no exception of their own.
    """

    attempted_count: int = 0
    recovered_count: int = 0
    is_capped: bool = False


def attempts_of(database: Database, run_id: str) -> Attempts:
    """Count the failing records that a run evaluated again, when due or on request.

    Source: `quality.retry_attempts`, `quality.served_requests` and `quality.exception_findings`.
    """
    needed = ("retry_attempts", "served_requests", "reprocess_requests", "exception_findings")
    if not all(database.has(f"quality.{name}") for name in needed):
        return Attempts()
    row = database.row(TRIED_AGAIN, {"run": run_id})
    return Attempts(**row) if row else Attempts()
