"""The ledger, run day after day as its page tells it; what stood after each is kept."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ..database import Database
from ..pipeline import REPOSITORY, STAND_IN, Pipeline
from .samples import BATCHES, LEDGER, Posting

MART = """
select batch_number, sequence_number, account, product_code, side, amount, transaction_date
from marts.fct_postings
"""
PACKAGE = REPOSITORY / "package"


@dataclass(frozen=True)
class Day:
    """What stood after one run.

    Attributes:
        exit_code: Of the runner.
        mart: What is published.
        shut: Checks of the gate that are shut.
        batches: Status and differences of each batch of the dataset, by the file's name.
        difference: What the balance of all batches is out by.
    """

    exit_code: int
    mart: set[Posting]
    shut: set[str]
    batches: dict[str, tuple[str, Any]]
    difference: int


class Ledger:
    """A copy of the example with a namespace of its own."""

    def __init__(self, root: Path, database: Database) -> None:
        shutil.copytree(LEDGER, root, ignore=shutil.ignore_patterns(".*", "target", "dbt_packages"))
        (root / "packages.yml").write_text(json.dumps({"packages": [{"local": str(PACKAGE)}]}))
        packages = root / "dbt_packages"
        packages.mkdir()
        (packages / "trustgate").symlink_to(PACKAGE)
        shutil.copytree(STAND_IN, packages / "dbt_expectations")
        profile = {"ledger": database.profile()["trustgate"]}
        (root / "profiles.yml").write_text(json.dumps(profile))
        self.pipeline = Pipeline(root, database, "ledger", "good")

    def runner(self, *arguments: str) -> int:
        """Exit code of the runner."""
        settings = ("TRUSTGATE_DATASET", "DATA_DIR", "DBT_PROFILES_DIR", "DBT_TARGET")
        environment = {name: value for name, value in os.environ.items() if name not in settings}
        done = subprocess.run(
            [sys.executable, "-m", "runner", *arguments, "--project-dir", self.pipeline.root],
            cwd=REPOSITORY,
            env=environment | {"TRUSTGATE_NAMESPACE": self.pipeline.namespace},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return done.returncode

    def run(self, dataset: str, folder: str | None = None) -> Day:
        """A run, with the files of a folder of samples loaded before it."""
        load = ["--data-dir", str(BATCHES / folder)] if folder else []
        code = self.runner("run", "--dataset", dataset, *load)
        pipeline = self.pipeline
        batches = pipeline.query(
            "select source_file, status, differences from quality.batches where dataset = %s",
            [dataset],
        )
        return Day(
            code,
            {Posting(*row) for row in pipeline.query(MART)},
            {
                check
                for (check,) in pipeline.query(
                    "select check_id from quality.gate where not is_open"
                )
            },
            {Path(file).name: (status, differences) for file, status, differences in batches},
            pipeline.value("select coalesce(sum(abs(difference)), 0) from quality.batch_balance"),
        )

    def decide(self, decision: str, file: str) -> None:
        """Release or reject the batch of a file."""
        batch = self.pipeline.value(
            "select batch_id from quality.batches where source_file like %s", [f"%{file}"]
        )
        assert self.runner("batches", decision, batch, "--reason", "as agreed with the sender") == 0


@dataclass(frozen=True)
class Story:
    """The days of docs/ledger.md."""

    ledger: Ledger
    good: Day
    ebcdic: Day
    bad: Day
    decided: Day
    fixed: Day


@pytest.fixture(scope="session")
def story(project_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Story:
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "project", project_database)
    ebcdic = ledger.run("ebcdic", "ebcdic")
    good = ledger.run("good", "good")
    bad = ledger.run("good", "bad")
    ledger.decide("release", "20261121-count.dat")
    ledger.decide("reject", "20261122-amount.dat")
    ledger.decide("reject", "20261123-hash.dat")
    decided = ledger.run("good")
    return Story(ledger, good, ebcdic, bad, decided, ledger.run("good", "fixed"))
