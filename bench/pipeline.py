"""Trustgate's own pipeline in the workplace: what `runner` and `dbt` are started on."""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.timed_process import ProcessRun, run_process
from bench.workplace import ROOT, Workplace, write_profile

PARTS = ("dbt_project.yml", "macros", "models", "package", "packages.yml", "seeds", "snapshots")
NAMESPACE = "pipeline"
"""Keeps its schemas apart from those of the bench project."""
SETTINGS = ("TRUSTGATE_", "DBT_", "DATA_DIR")
"""How variables begin that would lead a program elsewhere."""


@dataclass(frozen=True)
class Pipeline:
    """A copy of the project with its packages and a profile of the workplace's server.

    Attributes:
        root: Directory of the copy.
        namespace: Before each of its schemas.
    """

    root: Path
    namespace: str = NAMESPACE

    @property
    def runner_target(self) -> Path:
        """Where dbt, as the runner starts it, keeps what it parsed and its last results."""
        return self._target("runner")

    def runner(self, *arguments: str, exits: Sequence[int] = (0,)) -> ProcessRun:
        """Run `runner` on the project, from nothing to its end.

        Args:
            exits: Exit codes with which it succeeded.
        """
        places = ("--project-dir", str(self.root), "--profiles-dir", str(self.root))
        return run_process(
            [sys.executable, "-m", "runner", *arguments, *places],
            self._environment("runner"),
            exits,
        )

    def dbt(self, *arguments: str, dataset: str) -> ProcessRun:
        """Run dbt on the project, from nothing to its end."""
        places = ("--project-dir", str(self.root), "--profiles-dir", str(self.root))
        environment = {**self._environment("dbt"), "TRUSTGATE_DATASET": dataset}
        return run_process([sys.executable, "-m", "dbt.cli.main", *arguments, *places], environment)

    def _environment(self, caller: str) -> Mapping[str, str]:
        """Environment of a program; each caller has its own folder, so that dbt parses once."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "TRUSTGATE_NAMESPACE": self.namespace,
            "DBT_TARGET_PATH": str(self._target(caller)),
            "DBT_LOG_PATH": str(self.root / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }

    def _target(self, caller: str) -> Path:
        return self.root / f"target_{self.namespace}_{caller}"


def help_of_runner() -> ProcessRun:
    """Run `runner --help`, from nothing to its end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return run_process([sys.executable, "-m", "runner", "--help"], environment)


def open_pipeline(place: Workplace, namespace: str = NAMESPACE) -> Pipeline:
    """Trustgate's own pipeline in the workplace, copied where it is not there yet."""
    root = place.home / "pipeline"
    if not root.is_dir():
        root.mkdir()
        for part in PARTS:
            origin = ROOT / part
            if origin.is_dir():
                shutil.copytree(origin, root / part)
            else:
                shutil.copy(origin, root / part)
        packages = root / "dbt_packages"
        shutil.copytree(ROOT / "stand_in" / "dbt_expectations", packages / "dbt_expectations")
        (packages / "trustgate").symlink_to(root / "package")
        write_profile(place, root, "trustgate")
    return Pipeline(root, namespace)
