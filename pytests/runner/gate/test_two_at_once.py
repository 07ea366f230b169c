"""Two runners started together: of runs one works, loads do not mind each other."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

from ..workplace import Workplace
from .test_run import wait_until

ASLEEP = (
    "select count(*) from pg_stat_activity where datname = current_database()"
    " and wait_event = 'PgSleep'"
)


def _delay() -> float:
    """How many times longer than by itself a process takes, for others have the processors too."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import dbt.cli.main"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return max(1.0, (time.monotonic() - began) / own)


def test_of_two_runs_started_together_one_works_and_the_other_exits_4(pipeline: Workplace) -> None:
    processes = [pipeline.start("run", TEST_SLEEP="3") for _ in range(2)]
    ended = [(process, *process.communicate(timeout=120)) for process in processes]
    assert sorted(process.returncode for process, _, _ in ended) == [0, 4], ended
    (words,) = [" ".join(errors.split()) for process, _, errors in ended if process.returncode]
    assert "Another run is in progress: trustgate runner of" in words
    assert ", since 20" in words
    assert pipeline.query("select status from quality.run_history") == [("passed",)]


def test_a_run_beside_another_exits_4_within_2_seconds(pipeline: Workplace) -> None:
    first = pipeline.start("run", TEST_SLEEP="60")
    wait_until(lambda: pipeline.query(ASLEEP) == [(1,)], seconds=60)
    ratios: list[float] = []
    for _ in range(3):
        delay = _delay()
        began = time.monotonic()
        second = pipeline.run("run")
        ratios.append((time.monotonic() - began) / delay)
        assert second.returncode == 4, second.stderr
    first.terminate()
    first.communicate(timeout=60)
    assert min(ratios) < 2, ratios


def test_two_loads_of_different_files_run_side_by_side(pipeline: Workplace, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        lines = "".join(f"{name}-{number},1,x\n" for number in range(50))
        (tmp_path / name / "things.csv").write_text("thing_id,amount,note\n" + lines)
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "things.csv").write_text("thing_id,amount,note\nT1,1,x\n")
    # Else both would have dbt create the tables.
    assert pipeline.run("load", str(tmp_path / "first"), "--dataset", "shop").returncode == 0

    processes = [
        pipeline.start("load", str(tmp_path / name), "--dataset", "shop", "--workers", "2")
        for name in ("one", "two")
    ]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors

    loaded = pipeline.query(
        "select batches.source_file, batches.loaded_count, count(*) from quality.batches as batches"
        " join landing.things as things on batches.batch_id = things._batch_id"
        " where batches.status = 'LOADED' group by batches.batch_id, 1, 2 order by 2"
    )
    assert loaded == [("things.csv", 1, 1), ("things.csv", 50, 50), ("things.csv", 50, 50)]
