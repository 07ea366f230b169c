"""A pipeline that can be set back, and runs of it that are started and left alone."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..database import Database, create_database
from ..layers.state import State, judgement, layers
from ..pipeline import Pipeline

RUNNER = (sys.executable, "-m", "runner", "run", "--dataset")
BARE_DBT = (sys.executable, "-c", "from dbt.cli.main import cli; cli()", "build", "--vars")
MARTS = ("fct_orders", "fct_payments", "fact_revenue_daily")
_DETAIL = re.compile(r"""'detail': ('[^']*'|"[^"]*"), """)
_LOADED_AT = re.compile(r"'_loaded_at': '[^']*'(, )?")


def start(
    pipeline: Pipeline,
    *command: str,
    own_signals: bool = False,
    output: int = subprocess.DEVNULL,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a command and do not wait for it.

    Args:
        own_signals: Do not ignore a signal that the shell of the tests ignores.
        output: Where stdout and stderr go.
    """

    def reset_signals() -> None:
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    return subprocess.Popen(
        command,
        cwd=pipeline.root,
        env=pipeline.process_environment(
            DBT_TARGET_PATH=str(pipeline.root / "target"), **(environment or {})
        ),
        preexec_fn=reset_signals if own_signals else None,
        stdout=output,
        stderr=subprocess.STDOUT,
    )


def finish(pipeline: Pipeline, dataset: str) -> int:
    """Exit code of a run that is let be."""
    return start(pipeline, *RUNNER, dataset).wait(timeout=300)


def published(pipeline: Pipeline) -> dict[str, int]:
    """Number of rows of each mart."""
    present = [
        name
        for name in MARTS
        if pipeline.value("select to_regclass(%s)::text", [pipeline.named(f"marts.{name}")])
    ]
    return {name: pipeline.value(f"select count(*) from marts.{name}") for name in present}


def state(pipeline: Pipeline) -> State:
    """Layers and gate, but for when raw took the seeds, which no two histories share."""
    return {
        name: sorted(_LOADED_AT.sub("", row) for row in rows)
        for name, rows in {**layers(pipeline), **judgement(pipeline)}.items()
    }


def differing(found: State, expected: State, was_published: bool) -> set[str]:
    """Names of what differs.

    What was published is compared with what is published next: the details of the gate, and only
    they, then have other counts.
    """
    if was_published:
        found, expected = (
            {**one, "gate": sorted(_DETAIL.sub("", row) for row in one["gate"])}
            for one in (found, expected)
        )
    return {name for name in expected if found[name] != expected[name]}


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
