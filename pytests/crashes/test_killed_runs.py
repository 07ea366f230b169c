"""A run that is killed leaves no half-truth: the next one ends where an undisturbed one does."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import pytest

from ..pipeline import Pipeline
from .scene import BARE_DBT, RUNNER, Scene, differing, finish, published, start, state

FIRST_RUN_MOMENTS = (0.15, 0.4, 0.6, 0.8)
LATER_RUN_MOMENTS = (0.3, 0.5, 0.7, 0.9)
"""Shares of an undisturbed run's time after which the run is killed."""


def killed(set_back: Callable[[], Pipeline], seconds: float, *command: str) -> Pipeline:
    """The pipeline, its run killed after so many seconds; sooner, where it had ended by then."""
    while True:
        pipeline = set_back()
        process = start(pipeline, *command)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return pipeline
        seconds *= 0.9


@pytest.mark.parametrize("moment", FIRST_RUN_MOMENTS)
def test_first_run_after_a_killed_one_ends_as_an_undisturbed_one(
    scene: Scene, moment: float
) -> None:
    pipeline = killed(scene.never_run, scene.good.seconds * moment, *RUNNER, "good")
    was_published = any(published(pipeline).values())
    assert finish(pipeline, "good") == 0
    assert not differing(state(pipeline), scene.good.state, was_published)
    assert finish(pipeline, "bad") == 1
    assert state(pipeline) == scene.bad.state
    assert_none_is_running(pipeline)


@pytest.mark.parametrize("moment", LATER_RUN_MOMENTS)
def test_later_run_after_a_killed_one_ends_as_an_undisturbed_one(
    scene: Scene, moment: float
) -> None:
    pipeline = killed(scene.after_good, scene.bad.seconds * moment, *RUNNER, "bad")
    assert finish(pipeline, "bad") == 1
    assert state(pipeline) == scene.bad.state
    assert_none_is_running(pipeline)


def assert_none_is_running(pipeline: Pipeline) -> None:
    statuses = {status for (status,) in pipeline.query("select status from quality.run_history")}
    assert "running" not in statuses


@pytest.mark.parametrize("moment", [0.5, 0.75])
def test_runs_after_a_killed_dbt_end_as_undisturbed_ones(scene: Scene, moment: float) -> None:
    seconds = scene.good.seconds * moment
    pipeline = killed(scene.never_run, seconds, *BARE_DBT, "dataset: good")
    assert finish(pipeline, "good") == 0
    assert finish(pipeline, "bad") == 1
    assert state(pipeline) == scene.bad.state


def test_run_waits_for_the_statement_a_killed_run_left_at_work(scene: Scene) -> None:
    pipeline = scene.after_good()
    with pipeline.database.connect() as blocker, blocker.transaction():
        # The statement of base waits here, and goes on after its client is dead.
        pipeline.query_on(blocker, "lock table staging.base_orders in access exclusive mode")
        process = start(pipeline, *RUNNER, "bad")
        until = time.monotonic() + 120
        waiting = "select count(*) from pg_locks where not granted and locktype = 'relation'"
        while not pipeline.value(waiting) and time.monotonic() < until:
            time.sleep(0.1)
        assert pipeline.value(waiting), "the run never came to the locked table"
        process.kill()
        process.wait()
    assert finish(pipeline, "bad") == 1
    assert state(pipeline) == scene.bad.state


def test_history_shows_a_killed_run_as_abandoned_and_a_live_one_as_running(scene: Scene) -> None:
    pipeline = scene.never_run()
    process = start(pipeline, *RUNNER, "good")
    until = time.monotonic() + 120
    recorded = "select to_regclass('quality.run_history') is not null"
    while not pipeline.value(recorded) and time.monotonic() < until:
        time.sleep(0.05)
    statuses = [status for (status,) in pipeline.query("select status from quality.run_history")]
    process.kill()
    process.wait()
    assert statuses == ["running"]
    time.sleep(1)
    assert pipeline.query("select status from quality.run_history") == [("abandoned",)]
