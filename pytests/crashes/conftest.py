"""The pipeline that each module of crashes has for itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..database import Database, scratch_database
from ..pipeline import Pipeline, copy_project
from .scene import Scene, undisturbed


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
