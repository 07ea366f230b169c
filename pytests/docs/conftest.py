"""A scratch copy of the project with a PostgreSQL of its own, and a shell to run commands in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
NOT_THE_PROJECT = (".*", "target", "logs", "dbt_packages", "build", "*.egg-info", "__pycache__")
SETTINGS_OF_THE_SHELL = (
    *("TRUSTGATE_NAMESPACE", "TRUSTGATE_DATASET", "DATA_DIR"),
    *("DBT_PROFILES_DIR", "DBT_TARGET", "DBT_TARGET_PATH"),
)


@dataclass(frozen=True)
class Scratch:
    """A copy of the project, and what its shell needs to find the runner."""

    root: Path
    environment: dict[str, str]

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run a line of shell in the project, what it says on both streams in one text."""
        return subprocess.run(
            ["bash", "-c", line],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    """The project as it stands, in an empty directory, with an embedded PostgreSQL of its own."""
    directory = Path(tempfile.mkdtemp(prefix="tg-docs-"))  # short: a socket has to fit
    root = directory / "x"
    shutil.copytree(REPOSITORY, root, ignore=shutil.ignore_patterns(*NOT_THE_PROJECT))
    shutil.copytree(root / "stand_in", root / "dbt_packages")
    programs = directory / "bin"
    programs.mkdir()
    runner = programs / "runner"
    runner.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m runner "$@"\n')
    runner.chmod(0o755)
    environment = {
        name: value for name, value in os.environ.items() if name not in SETTINGS_OF_THE_SHELL
    }
    path = f"{programs}:{Path(sys.executable).parent}:{environment['PATH']}"
    project = Scratch(
        root,
        {
            **environment,
            "PATH": path,
            "PYTHONPATH": str(root),
            "COLUMNS": "200",
            "PGOPTIONS": "-c synchronous_commit=off",
        },
    )
    try:
        yield project
    finally:
        project.run("runner db stop")
        shutil.rmtree(directory, ignore_errors=True)
