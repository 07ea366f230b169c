"""Runs of the command line on a scratch copy of the project, and what is planted in bad."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..pipeline import REPOSITORY, Pipeline

SECONDS_AT_MOST = 300


@dataclass(frozen=True)
class Planted:
    """A row of expected_bad.csv: something planted in bad that must be caught.

    Attributes:
        entity: Empty for a reconciliation.
        record_key: `row:<n>` for the nth record of its file where it has no key.
        kind: rule or reconciliation.
        severity: error or warn.
    """

    dataset: str
    entity: str
    record_key: str
    check_id: str
    kind: str
    severity: str


@dataclass(frozen=True)
class Run:
    """How `runner run` ended.

    Attributes:
        output: What it said on both streams, to show where an exit code is not as expected.
        seconds: From start to end of the process.
    """

    exit_code: int
    output: str
    seconds: float


def run_runner(pipeline: Pipeline, *arguments: str) -> Run:
    """`runner run` with these arguments, in the folder of the pipeline."""
    unset = {"TRUSTGATE_DATASET", "DATA_DIR", "DBT_PROFILES_DIR", "DBT_TARGET", "DBT_TARGET_PATH"}
    environment = {
        **{name: value for name, value in os.environ.items() if name not in unset},
        "PYTHONPATH": str(REPOSITORY),
        "TRUSTGATE_NAMESPACE": pipeline.namespace,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
    }
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "runner", "run", *arguments],
        cwd=pipeline.root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=SECONDS_AT_MOST,
    )
    return Run(done.returncode, done.stdout, time.monotonic() - started)


@pytest.fixture(scope="session")
def planted() -> list[Planted]:
    """All that must be caught in bad, in the order of expected_bad.csv."""
    path = REPOSITORY / "pytests" / "expected_bad.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return [Planted(**row) for row in csv.DictReader(lines)]


@pytest.fixture(scope="session")
def seed_file() -> Callable[[str, str], Path]:
    """Path of the file of a bundled dataset, by dataset and entity."""
    return lambda dataset, entity: REPOSITORY / "seeds" / dataset / f"{dataset}_{entity}.csv"
