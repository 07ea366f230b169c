"""A run that lost its lock, or claims one that it does not hold, does not publish unnoticed."""

from __future__ import annotations

import subprocess
import time

import pytest

from ..conftest import MakePipeline
from ..pipeline import Pipeline
from .scene import BARE_DBT, RUNNER, published, start

LOCK_PID = "DBT_ENV_CUSTOM_ENV_TRUSTGATE_LOCK_PID"
INVOKED_BY = "DBT_ENV_CUSTOM_ENV_TRUSTGATE_INVOKED_BY"
HOLDER = """
    select pid from pg_locks
    where locktype = 'advisory' and granted and objsubid = 2
        and database = (select oid from pg_database where datname = current_database())
        and classid::bigint = hashtext('trustgate run')::bigint & 4294967295
        and objid::bigint = hashtext(%s)::bigint & 4294967295
"""
WAITING = "select count(*) from pg_locks where not granted and locktype = 'relation'"


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    """A pipeline in which bad stands, and good was never published."""
    made = make_pipeline("bad")
    for file in (made.root / "tests").glob("*.sql"):
        file.unlink()
    assert run(made, *RUNNER, "bad")[0] == 1
    return made


def run(pipeline: Pipeline, *command: str, **environment: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    process = start(pipeline, *command, output=subprocess.PIPE, environment=environment)
    output, _ = process.communicate(timeout=120)
    return process.returncode, output.decode()


def wait_for(pipeline: Pipeline, statement: str, parameters: list[str] | None = None) -> int:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if (found := pipeline.query(statement, parameters)) and found[0][0]:
            return int(found[0][0])
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def test_a_run_that_lost_its_lock_stops_and_publishes_nothing(pipeline: Pipeline) -> None:
    with pipeline.database.connect() as blocker, blocker.transaction():
        # The run waits here, before the gate.
        pipeline.query_on(blocker, "lock table staging.base_orders in access exclusive mode")
        process = start(pipeline, *RUNNER, "good", output=subprocess.PIPE)
        wait_for(pipeline, WAITING)
        began = time.monotonic()
        holder = wait_for(pipeline, HOLDER, [pipeline.namespace])
        pipeline.query("select pg_terminate_backend(%s)", [holder])
        output, _ = process.communicate(timeout=120)
    assert time.monotonic() - began < 4
    assert process.returncode == 3
    assert b"held the lock of this run has ended" in output
    assert b"stopped before publishing" in output
    assert not any(published(pipeline).values())


def test_a_forged_run_context_leaves_no_run_off_the_record(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = ("no number", "-1", "99999999999999999999", "1'; select 1", "7")
    monkeypatch.setenv(INVOKED_BY, "runner")
    before = pipeline.value("select count(*) from quality.run_history")
    for given in forged:
        monkeypatch.setenv(LOCK_PID, given)
        pipeline.runs("run", "--select", "dq_rules")
    recorded = pipeline.query(
        "select invoked_by, lock_pid from quality.pipeline_runs order by started_at desc limit %s",
        [len(forged)],
    )
    assert recorded == [("dbt", 7), *[("dbt", None)] * (len(forged) - 1)]
    assert pipeline.value("select count(*) from quality.run_history") == before + len(forged)


def test_marts_do_not_publish_for_a_run_without_its_lock(pipeline: Pipeline) -> None:
    code, output = run(pipeline, *BARE_DBT, "dataset: good", **{LOCK_PID: "1"})
    assert code == 1
    assert "the run that publishes does not hold its lock" in output
    assert not any(published(pipeline).values())
    assert run(pipeline, *RUNNER, "good")[0] == 0
    assert all(published(pipeline).values())


def test_a_run_that_opens_after_its_runner_has_died_is_abandoned_at_once(
    pipeline: Pipeline,
) -> None:
    """The statement that opens a run may be under way when the runner and its lock are gone."""
    with pipeline.database.connect() as blocker, blocker.transaction():
        pipeline.query_on(blocker, "lock table staging.base_orders in access exclusive mode")
        process = start(pipeline, *BARE_DBT, "dataset: good", environment={LOCK_PID: "7"})
        wait_for(pipeline, WAITING)
        process.kill()
        process.wait()
        latest = "select status from quality.run_history order by started_at desc limit 1"
        assert pipeline.value(latest) == "abandoned"
