"""One status row for each record, and the documented queries on it."""

from __future__ import annotations

import re

import pytest

from ..conftest import MakePipeline
from ..pipeline import REPOSITORY, Pipeline

PAGE = REPOSITORY / "docs" / "quality-tables.md"
BLOCK = re.compile(r"```sql\n-- ([^\n:]+)[^\n]*\n(.*?)```", re.DOTALL)
UNKNOWN_METHOD, OF_A_BLOCKED_RULE, TRIED, EXHAUSTED = "P-9105", "P-9106", "P-9002", "P-9104"
ATTEMPTS = """
    insert into quality.retry_attempts (
        dataset, entity, record_key, record_id, attempt, run_id, attempted_at
    )
    select
        _dataset, 'payments', _record_key, _record_id, number, 'attempt-' || number,
        now() - interval '1 day'
    from staging.base_payments
    cross join generate_series(1, %s) as number
    where _record_key = %s and _is_latest
"""


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    """`bad`, built once, with a record in each situation that the queries ask about."""
    made = make_pipeline("bad")
    made.runs("build", "--exclude-resource-type", "test", "unit_test")
    made.query(ATTEMPTS, [2, TRIED])
    made.query(ATTEMPTS, [5, EXHAUSTED])
    made.query(
        """
        insert into quality.exception_work (exception_id, status, blocked, block_reason, updated_at)
        select exception_id, 'NEW', true, 'the shop is closed', now()
        from quality.exception_findings where record_key = %s and check_id in (
            select unnest(_dq_failed) from staging.base_payments where _record_key = %s
        )
        """,
        [OF_A_BLOCKED_RULE, OF_A_BLOCKED_RULE],
    )
    made.query(
        """
        insert into quality.reprocess_requests (
            dataset, entity, scope, record_key, requested_by, requested_at
        ) values ('bad', 'orders', 'key', 'O-1001', 'ada', now() - interval '25 hours')
        """
    )
    return made


def queries() -> dict[str, str]:
    page = PAGE.read_text(encoding="utf-8").partition("## record_status\n")[2]
    return dict(BLOCK.findall(page.partition("\n## ")[0]))


def keys(pipeline: Pipeline, title: str) -> set[str]:
    rows = pipeline.records(queries()[title].strip().rstrip(";"))
    return {row["record_key"] for row in rows}


def failing(pipeline: Pipeline) -> set[str]:
    """Keys whose records failed and are not waiting for a request, from base and rejects alone."""
    return {
        key
        for (key,) in pipeline.query(
            "select record_key from quality.record_fates"
            " where dataset = 'bad' and fate in ('QUARANTINED', 'REJECTED')"
            " and record_key <> 'O-1001'"
        )
    }


def test_every_record_has_one_row_whose_state_is_never_null(pipeline: Pipeline) -> None:
    statuses = "select record_id, record_key, fate from quality.record_status"
    fates = "select record_id, record_key, fate from quality.record_fates"
    assert pipeline.query(f"{statuses} except all {fates}") == []
    assert pipeline.query(f"{fates} except all {statuses}") == []
    assert pipeline.value("select count(*) from quality.record_status") > 0
    columns = "stage, state, state_since, attempts, max_attempts, fate, blocked, is_eligible"
    assert pipeline.query(
        f"select * from quality.record_status where num_nulls({columns}) > 0"
    ) == []  # fmt: skip


def test_a_failed_record_is_found_between_two_moments_with_its_error(pipeline: Pipeline) -> None:
    assert keys(pipeline, "Failed between A and B") == failing(pipeline) != set()
    error, fate = pipeline.query(
        "select error, fate from quality.record_status where record_key = %s", [UNKNOWN_METHOD]
    )[0]
    assert fate == "QUARANTINED"
    assert error.startswith("payment_method_known: ")
    later = queries()["Failed between A and B"].replace("2026-01-01", "2099-01-01")
    assert pipeline.records(later.strip().rstrip(";")) == []


def test_a_promoted_record_without_a_row_in_the_candidate_is_found(pipeline: Pipeline) -> None:
    assert keys(pipeline, "Processed without successor") == set()
    key, link = pipeline.query(
        "select record_key, next_id from quality.record_status"
        " where entity = 'payments' and state = 'PROCESSED' order by record_key limit 1"
    )[0]
    assert link == f'{{"payment_id": "{key}"}}'
    with pipeline.database.connect() as connection, connection.transaction(force_rollback=True):
        deleted = "delete from candidate.fct_payments where payment_id = %s"
        pipeline.query_on(connection, deleted, [key])
        rows = pipeline.query_on(connection, queries()["Processed without successor"])
    assert [row[2] for row in rows] == [key]


def test_what_waits_over_24_hours_is_stuck(pipeline: Pipeline) -> None:
    assert keys(pipeline, "Stuck over 24 h") == {"O-1001"}
    with pipeline.database.connect() as connection, connection.transaction(force_rollback=True):
        pipeline.query_on(
            connection,
            "insert into raw.orders (_record_id, _dataset, _batch_id, _row_number, _loaded_at)"
            " values (gen_random_uuid(), 'bad', 'late', 1, now() - interval '25 hours'),"
            " (gen_random_uuid(), 'bad', 'new', 1, now() - interval '23 hours'),"
            " (gen_random_uuid(), 'bad', 'held', 1, now() - interval '26 hours')",
        )
        pipeline.query_on(
            connection,
            "insert into quality.batches (batch_id, dataset, entity, status, loaded_at)"
            " values ('held', 'bad', 'orders', 'HELD', now())",
        )
        stuck = pipeline.query_on(
            connection,
            "select batch_id, stage, state, attempts, blocked, block_reason, is_eligible"
            f" from ({queries()['Stuck over 24 h'].strip().rstrip(';')}) as stuck"
            " where state = 'PENDING' order by 1",
        )
    assert stuck == [
        ("held", "raw", "PENDING", 0, True, "batch on hold", False),
        ("late", "raw", "PENDING", 0, False, None, True),
    ]


def test_blocked_records_say_why(pipeline: Pipeline) -> None:
    blocked = keys(pipeline, "Blocked")
    assert {OF_A_BLOCKED_RULE, EXHAUSTED} <= blocked
    assert not {TRIED, UNKNOWN_METHOD} & blocked
    reasons: dict[str, str] = dict(
        pipeline.query(
            "select record_key, block_reason from quality.record_status"
            " where blocked and fate <> 'REJECTED'"
        )
    )
    assert reasons == {
        OF_A_BLOCKED_RULE: "excluded from attempts by a user",
        EXHAUSTED: "no attempt left of 5",
    }
    assert keys(pipeline, "Above maximum") - {
        key for key in blocked if ":" in key
    } == {EXHAUSTED}  # fmt: skip
    assert keys(pipeline, "Repeatedly tried, and failing still") == {TRIED, EXHAUSTED}


def test_what_the_next_run_evaluates_is_eligible(pipeline: Pipeline) -> None:
    assert keys(pipeline, "Eligible") == {TRIED, "O-1001"}
    attempts = pipeline.query(
        "select attempts, max_attempts from quality.record_status where record_key = %s", [TRIED]
    )
    assert attempts == [(3, 6)]


def test_versions_are_linked_in_both_directions(pipeline: Pipeline) -> None:
    linked = pipeline.query(
        "select count(*) filter (where fate = 'DUPLICATE'),"
        " count(*) filter (where fate = 'SUPERSEDED'),"
        " count(*) filter (where next_id is null) from quality.record_status"
        " where dataset = 'bad' and fate in ('DUPLICATE', 'SUPERSEDED')"
    )
    assert linked[0][0] > 0 and linked[0][1] > 0 and linked[0][2] == 0
    assert pipeline.value(
        "select count(*) from quality.record_status as earlier"
        " inner join quality.record_status as later on earlier.next_id = later.record_id::text"
        " where earlier.fate = 'SUPERSEDED' and later.previous_id is null"
    ) == 0  # fmt: skip
    wrong = pipeline.query(
        "select one.record_key from quality.record_status as one"
        " inner join quality.record_status as other on one.previous_id = other.record_id::text"
        " where one.record_key <> other.record_key or one.entity <> other.entity"
    )
    assert wrong == []


def test_one_record_is_looked_up_by_indexes(pipeline: Pipeline) -> None:
    (plan,) = pipeline.query(
        "explain (format json) select * from quality.record_status"
        " where dataset = 'bad' and entity = 'payments' and record_key = 'P-9105'"
    )
    assert "_record_key" in str(plan)
