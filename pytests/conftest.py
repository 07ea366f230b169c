"""What the tests of the dbt project share: a server, a database, scratch copies of the project."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .database import Database, scratch_database, server
from .pipeline import Pipeline, copy_project

MakePipeline = Callable[[str], Pipeline]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def scratch_folder() -> Iterator[Path]:
    """A folder with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="tg"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def project_server(scratch_folder: Path) -> Iterator[Database]:
    """The server of the session: its maintenance database."""
    with server(scratch_folder) as running:
        yield running


@pytest.fixture(scope="session")
def project_database(project_server: Database) -> Iterator[Database]:
    """An empty database of the session."""
    with scratch_database(project_server, f"trustgate_pipelines_{os.getpid()}") as database:
        yield database


@pytest.fixture(scope="session")
def make_pipeline(
    project_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> MakePipeline:
    """Makes a scratch copy of the project in a namespace of its own, about the given dataset."""

    def make(dataset: str) -> Pipeline:
        root = tmp_path_factory.mktemp("pipeline") / "project"
        copy_project(root, project_database)
        return Pipeline(root, project_database, f"t{next(_numbers)}", dataset)

    return make


@pytest.fixture(scope="session")
def seed() -> int:
    """Where random tests begin: TRUSTGATE_TEST_SEED, to look further or to see a failure again."""
    return int(os.environ.get("TRUSTGATE_TEST_SEED", "1"))
