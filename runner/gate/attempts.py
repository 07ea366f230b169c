"""What came of evaluating failing records again."""

from dataclasses import dataclass

from runner.postgres.database import Database

TRIED_AGAIN = """
    with
    failures as (
        select *, record_id is null as is_beyond_cap
        from {quality.exception_findings}
        where severity <> 'WARNING' and (record_id is not null or details ? 'beyond_cap')
    ),

    -- Those that stood before the run looked.
    stood as (
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
        select stood.dataset, stood.entity, stood.record_key, stood.is_beyond_cap
        from stood
        inner join requested
            on
                stood.dataset = requested.dataset
                and stood.entity = requested.entity
                and stood.record_key = requested.record_key
        where requested.scope = 'key'
        union
        select stood.dataset, stood.entity, stood.record_key, stood.is_beyond_cap
        from stood
        inner join requested
            on
                stood.dataset = requested.dataset
                and stood.entity = requested.entity
                and stood.batch_id = requested.batch_id
        where requested.scope = 'batch'
        union
        select stood.dataset, stood.entity, stood.record_key, stood.is_beyond_cap
        from stood
        inner join requested
            on stood.dataset = requested.dataset and stood.entity = requested.entity
        where
            requested.scope in ('failed', 'all')
            -- Of stale records the verdict was written anew, whatever it says.
            or requested.scope = 'stale_rules' and stood.changed_run = %(run)s
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
    """What came of evaluating failing records again: attempts that were due, and requests.

    Attributes:
        attempted_count: Records that failed before and were evaluated again.
        recovered_count: Of those, how many no longer fail.
        is_capped: Whether there are more than that, without an exception of their own.
    """

    attempted_count: int = 0
    recovered_count: int = 0
    is_capped: bool = False


def attempts_of(database: Database, run_id: str) -> Attempts:
    """Failing records that a run tried again, because an attempt was due or somebody asked.

    Source: `quality.retry_attempts`, `quality.served_requests` and `quality.exception_findings`.
    """
    needed = ("retry_attempts", "served_requests", "reprocess_requests", "exception_findings")
    if not all(database.has(f"quality.{name}") for name in needed):
        return Attempts()
    row = database.row(TRIED_AGAIN, {"run": run_id})
    return Attempts(**row) if row else Attempts()
