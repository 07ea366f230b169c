"""A run that is killed leaves no half-truth: the next one ends where an undisturbed one does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from ..conftest import MakePipeline
from ..layers.state import State, judgement, layers
from ..pipeline import REPOSITORY, Pipeline

RUNNER = (sys.executable, "-m", "runner", "run", "--dataset")
BARE_DBT = (sys.executable, "-c", "from dbt.cli.main import cli; cli()", "build", "--vars")
MOMENTS = (0.15, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Shares of an undisturbed run's time after which the run is killed."""
_LOADED_AT = re.compile(r"'_loaded_at': '[^']*'(, )?")


def start(pipeline: Pipeline, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=pipeline.root,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "TRUSTGATE_NAMESPACE": pipeline.namespace,
            "DBT_PROFILES_DIR": str(pipeline.root),
            "DBT_TARGET_PATH": str(pipeline.root / "target" / pipeline.namespace),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def finish(pipeline: Pipeline, dataset: str) -> int:
    """Exit code of a run that is let be."""
    return start(pipeline, *RUNNER, dataset).wait(timeout=300)


def state(pipeline: Pipeline) -> State:
    """Layers and gate, but for when raw took the seeds, which no two histories share."""
    return {
        name: sorted(_LOADED_AT.sub("", row) for row in rows)
        for name, rows in {**layers(pipeline), **judgement(pipeline)}.items()
    }


@pytest.fixture(scope="module")
def template(make_pipeline: MakePipeline) -> Pipeline:
    return make_pipeline("bad")


@pytest.fixture(scope="module")
def undisturbed(template: Pipeline) -> tuple[State, float]:
    """What good and then bad end in, and the seconds that bad took."""
    calm = replace(template, namespace="calm")
    assert finish(calm, "good") == 0
    before = time.monotonic()
    assert finish(calm, "bad") == 1
    return state(calm), time.monotonic() - before


@pytest.mark.parametrize("moment", MOMENTS)
def test_run_after_a_killed_runner_ends_as_an_undisturbed_one(
    template: Pipeline, undisturbed: tuple[State, float], moment: float
) -> None:
    expected, seconds = undisturbed
    shaken = replace(template, namespace=f"shaken{int(moment * 100)}")
    is_first = MOMENTS.index(moment) % 2 == 0
    if not is_first:
        assert finish(shaken, "good") == 0
    process = start(shaken, *RUNNER, "good" if is_first else "bad")
    time.sleep(seconds * moment)
    process.kill()
    process.wait()
    if is_first:
        assert finish(shaken, "good") == 0
    assert finish(shaken, "bad") == 1
    assert state(shaken) == expected
    statuses = {status for (status,) in shaken.query("select status from quality.run_history")}
    assert "running" not in statuses


@pytest.mark.parametrize("moment", [0.5, 0.75])
def test_run_after_a_killed_dbt_ends_as_an_undisturbed_one(
    template: Pipeline, undisturbed: tuple[State, float], moment: float
) -> None:
    expected, seconds = undisturbed
    shaken = replace(template, namespace=f"dbt{int(moment * 100)}")
    process = start(shaken, *BARE_DBT, "dataset: good")
    time.sleep(seconds * moment)
    process.kill()
    process.wait()
    assert finish(shaken, "good") == 0
    assert finish(shaken, "bad") == 1
    assert state(shaken) == expected


def test_run_waits_for_the_statement_a_killed_run_left_at_work(
    template: Pipeline, undisturbed: tuple[State, float]
) -> None:
    expected, _ = undisturbed
    shaken = replace(template, namespace="leftover")
    assert finish(shaken, "good") == 0
    with shaken.database.connect() as blocker, blocker.transaction():
        # The statement of base waits here, and goes on after its client is dead.
        shaken.query_on(blocker, "lock table staging.base_orders in access exclusive mode")
        process = start(shaken, *RUNNER, "bad")
        until = time.monotonic() + 120
        waiting = "select count(*) from pg_locks where not granted and locktype = 'relation'"
        while not shaken.value(waiting) and time.monotonic() < until:
            time.sleep(0.1)
        assert shaken.value(waiting), "the run never came to the locked table"
        process.kill()
        process.wait()
    assert finish(shaken, "bad") == 1
    assert state(shaken) == expected


def test_history_shows_a_killed_run_as_abandoned_and_a_live_one_as_running(
    template: Pipeline, undisturbed: tuple[State, float]
) -> None:
    _, seconds = undisturbed
    shaken = replace(template, namespace="history")
    process = start(shaken, *RUNNER, "good")
    until = time.monotonic() + 120
    recorded = "select to_regclass('quality.run_history') is not null"
    while not shaken.value(recorded) and time.monotonic() < until:
        time.sleep(0.05)
    statuses = [status for (status,) in shaken.query("select status from quality.run_history")]
    process.kill()
    process.wait()
    assert statuses == ["running"]
    time.sleep(min(seconds, 1))
    assert shaken.query("select status from quality.run_history") == [("abandoned",)]
