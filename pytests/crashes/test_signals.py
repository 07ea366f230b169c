"""A signal ends a run within two seconds at any moment, and nothing is published after it.

TRUSTGATE_SIGNAL_STEPS says at how many moments, evenly spread over a run, it is sent.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from ..pipeline import REPOSITORY
from .scene import RUNNER, Scene, differing, finish, published, start, state

STEPS = int(os.environ.get("TRUSTGATE_SIGNAL_STEPS", "6"))
MOST_SECONDS = 2.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def ended(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Exit code of a process, and how long it took to end."""
    began = time.monotonic()
    return process.wait(timeout=60), time.monotonic() - began


@pytest.mark.parametrize("step", range(STEPS))
def test_a_signal_ends_a_run_at_any_moment(scene: Scene, step: int) -> None:
    moment = scene.good.seconds * (step + 0.5) / STEPS
    while True:
        pipeline = scene.never_run()
        process = start(pipeline, *RUNNER, "good", own_signals=True)
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            before = published(pipeline)
            process.send_signal(SIGNALS[step % len(SIGNALS)])
            break
        moment *= 0.9
    code, seconds = ended(process)
    left = published(pipeline)
    assert seconds < MOST_SECONDS
    # Before the program has begun, the system ends it. Once it publishes, it may just end.
    early = -SIGNALS[step % len(SIGNALS)] if step == 0 else 130
    assert code in (130, early) or (code == 0 and any(before.values()))
    # Far enough from the marts, even where other work made this run twice as fast as the first.
    if (step + 1) / STEPS < 0.4:
        assert not any(left.values())
    # What the server still worked on for the run has ended, and was not committed.
    time.sleep(1.5)
    assert published(pipeline) == left
    assert finish(pipeline, "good") == 0
    assert not differing(state(pipeline), scene.good.state, any(left.values()))
    # Each mart is entirely old or entirely new.
    whole = published(pipeline)
    assert all(count in (0, whole[name]) for name, count in left.items())


def test_a_signal_ends_a_run_whose_library_swallows_it(scene: Scene) -> None:
    """Ctrl-C vanished where dbt starts: the run went on, and published."""
    pipeline = scene.after_good()
    (pipeline.root / "sitecustomize.py").write_text(SWALLOWS)
    try:
        path = {"PYTHONPATH": f"{pipeline.root}:{REPOSITORY}"}
        process = start(pipeline, *RUNNER, "bad", own_signals=True, environment=path)
        waiting = pipeline.root / "swallowing"
        until = time.monotonic() + 60
        while not waiting.exists() and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        code, seconds = ended(process)
    finally:
        (pipeline.root / "sitecustomize.py").unlink()
    assert code == 130
    assert seconds < MOST_SECONDS
    assert finish(pipeline, "bad") == 1


SWALLOWS = """
import builtins, pathlib, time
importing = builtins.__import__

def swallow(name, *others, **named):
    if name == "dbt.cli.main":
        builtins.__import__ = importing
        pathlib.Path("swallowing").touch()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                time.sleep(0.1)
            except BaseException:
                pass
    return importing(name, *others, **named)

builtins.__import__ = swallow
"""


def test_a_second_signal_ends_a_run_at_once(scene: Scene) -> None:
    pipeline = scene.after_good()
    with pipeline.database.connect() as blocker, blocker.transaction():
        pipeline.query_on(blocker, "lock table staging.base_orders in access exclusive mode")
        process = start(pipeline, *RUNNER, "bad", own_signals=True)
        waiting = "select count(*) from pg_locks where not granted and locktype = 'relation'"
        until = time.monotonic() + 60
        while not pipeline.value(waiting) and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        code, seconds = ended(process)
    assert code == 130
    assert seconds < 0.5
    assert finish(pipeline, "bad") == 1
    assert state(pipeline) == scene.bad.state
