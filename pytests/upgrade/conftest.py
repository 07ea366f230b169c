"""An earlier database, restored."""

from __future__ import annotations

import gzip
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ..database import Database, scratch_database
from ..pipeline import Pipeline, copy_project
from .build_earlier_database import DUMP, MAX_RETRIES, NAMESPACE

MakeEarlier = Callable[[], Pipeline]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def make_earlier(
    project_server: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeEarlier]:
    """Restores the earlier database, for this version's project about dataset bad."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as opened:
        # All attempts that were allowed then were made: no record is evaluated because it is due.
        patch.setenv("TRUSTGATE_MAX_RETRIES", MAX_RETRIES)

        def make() -> Pipeline:
            name = f"trustgate_earlier_{os.getpid()}_{next(_numbers)}"
            database = opened.enter_context(scratch_database(project_server, name))
            restore(database)
            root = tmp_path_factory.mktemp("upgrade") / "project"
            copy_project(root, database)
            return Pipeline(root, database, NAMESPACE, "bad")

        yield make


def restore(database: Database) -> None:
    """Run the dump."""
    with gzip.open(DUMP) as dump, database.connect() as connection:
        connection.execute(dump.read())
