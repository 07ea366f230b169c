"""Attempts at failing records: when they are due, how many, and who may stop or grant them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ..conftest import MakePipeline
from ..layers.scenarios import LOADED_AT
from ..pipeline import Pipeline

BUILD = ("run", "--select", "base_payments")
KEYS = ("P-1", "P-2", "P-3")
MINUTES = (1, 5)
MOST = 3


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Iterator[Pipeline]:
    pipeline = make_pipeline("retries")
    pipeline.set(retry_minutes=MINUTES, max_retries=MOST)
    pipeline.runs("run", "--select", "tag:intake")
    pipeline.load(
        "payments",
        [
            (number, (key, "O-none", "boleto", "1.00", "BRL", "captured", DAY, DAY))
            for number, key in enumerate(KEYS, start=1)
        ],
        "retries-payments",
        LOADED_AT,
    )
    pipeline.runs("run", "--exclude", "tag:intake")
    yield pipeline


DAY = "2026-01-01T00:00:00Z"


def state(pipeline: Pipeline) -> dict[str, tuple[Any, ...]]:
    """Attempts, whether another is due within the hour, and whether it is blocked, by key."""
    rows = pipeline.query(
        """
        select record_key, retry_count, next_retry_at < now() + interval '1 hour', blocked,
            block_reason
        from quality.exceptions where check_id = 'payment_order_exists' and is_standing
        """
    )
    return {key: tuple(rest) for key, *rest in rows}


def let_pass(pipeline: Pipeline, minutes: int) -> None:
    """Move what was done before into the past."""
    for statement in (
        "update staging.base_payments set _checked_at = _checked_at - %s * interval '1 minute'",
        "update quality.retry_attempts set attempted_at = attempted_at - %s * interval '1 minute'",
    ):
        pipeline.query(statement, [minutes])


def test_attempts_follow_the_ladder_until_none_is_left(pipeline: Pipeline) -> None:
    attempts = []
    for minutes in (0, 2, 2, 6, 6, 6):
        let_pass(pipeline, minutes)
        pipeline.runs(*BUILD)
        attempts.append(state(pipeline)["P-1"][0])
    # Due after 1 minute, then after 5 and 5 more; three are all there are.
    assert attempts == [0, 1, 1, 2, 3, 3]
    for key in KEYS:
        count, due, blocked, reason = state(pipeline)[key]
        assert (count, due, blocked) == (MOST, None, True)
        assert reason == f"no attempt left of {MOST}"


def test_asking_for_another_attempt_makes_it_due_and_blocking_keeps_it_from_it(
    pipeline: Pipeline,
) -> None:
    for key, column in (("P-1", "retry_requested_at"), ("P-2", "retry_requested_at")):
        pipeline.query(
            f"""
            insert into quality.exception_work (exception_id, {column}, blocked, block_reason)
            select exception_id, now(), %s, 'ask the bank'
            from quality.exceptions
            where record_key = %s and check_id = 'payment_order_exists'
            """,
            [key == "P-2", key],
        )
    pipeline.runs(*BUILD)
    assert state(pipeline)["P-1"][0] == 1
    assert state(pipeline)["P-2"] == (0, None, True, "ask the bank")
    assert state(pipeline)["P-3"][0] == MOST


def test_a_record_whose_parent_arrives_recovers_whatever_its_attempts(pipeline: Pipeline) -> None:
    order = ("O-none", "C-1", "delivered", "BRL", "3.00", DAY, DAY)
    pipeline.load("orders", [(1, order)], "retries-orders", LOADED_AT)
    pipeline.runs("run", "--exclude", "tag:intake")
    assert state(pipeline) == {}
    assert pipeline.value("select count(*) from staging.stg_payments") == len(KEYS)
