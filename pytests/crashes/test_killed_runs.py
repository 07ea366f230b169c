"""A run that is killed leaves no half-truth: the next one ends where an undisturbed one does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..database import Database, create_database, scratch_database
from ..layers.state import State, judgement, layers
from ..pipeline import REPOSITORY, Pipeline, copy_project

RUNNER = (sys.executable, "-m", "runner", "run", "--dataset")
BARE_DBT = (sys.executable, "-c", "from dbt.cli.main import cli; cli()", "build", "--vars")
FIRST_RUN_MOMENTS = (0.15, 0.4, 0.6, 0.8)
LATER_RUN_MOMENTS = (0.3, 0.5, 0.7, 0.9)
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
            "DBT_TARGET_PATH": str(pipeline.root / "target"),
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


@dataclass(frozen=True)
class Undisturbed:
    """What a run of a dataset ends in, and the seconds it takes."""

    state: State
    seconds: float


@dataclass(frozen=True)
class Scene:
    """A pipeline that can be set back to where it had never run, or had published good.

    Attributes:
        published: Database that is as good left it.
        parsed: Folder of what dbt had written by then.
        good: The first run.
        bad: The run after good.
    """

    pipeline: Pipeline
    server: Database
    published: str
    parsed: Path
    good: Undisturbed
    bad: Undisturbed

    def never_run(self) -> Pipeline:
        """Nothing is parsed, nothing is there."""
        create_database(self.server, self.pipeline.database.name)
        shutil.rmtree(self.pipeline.root / "target", ignore_errors=True)
        return self.pipeline

    def after_good(self) -> Pipeline:
        """Good is published, and what dbt parsed is about good."""
        create_database(self.server, self.pipeline.database.name, self.published)
        shutil.rmtree(self.pipeline.root / "target", ignore_errors=True)
        shutil.copytree(self.parsed, self.pipeline.root / "target")
        return self.pipeline


def undisturbed(pipeline: Pipeline, dataset: str, code: int) -> Undisturbed:
    before = time.monotonic()
    assert finish(pipeline, dataset) == code
    seconds = time.monotonic() - before
    return Undisturbed(state(pipeline), seconds)


@pytest.fixture(scope="module")
def scene(project_server: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    name = f"trustgate_crashes_{os.getpid()}"
    root: Path = tmp_path_factory.mktemp("crashes") / "project"
    with scratch_database(project_server, name) as database:
        copy_project(root, database)
        pipeline = Pipeline(root, database, "shaken", "bad")
        good = undisturbed(pipeline, "good", 0)
        parsed = Path(shutil.copytree(root / "target", root.parent / "parsed"))
        with scratch_database(project_server, f"{name}_published", template=name) as published:
            bad = undisturbed(pipeline, "bad", 1)
            yield Scene(pipeline, project_server, published.name, parsed, good, bad)


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
    assert finish(pipeline, "good") == 0
    assert state(pipeline) == scene.good.state
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
