"""Servers of two PostgreSQL versions with the functions that read text."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from runner.postgres import embedded
from runner.postgres.service_account import find_account, let_through

from ..conftest import MakePipeline
from ..database import Database, Row
from ..pipeline import Pipeline
from .declared_reading import DECLARED
from .reading import READERS

OLDEST = Path("/usr/lib/postgresql/15/bin")


@dataclass(frozen=True)
class Reading:
    """Statements of a pipeline that read texts.

    Attributes:
        install: Installs its functions.
        usual: Reads an array of texts; one column for each of READERS.
        declared: The same; one column for each of DECLARED.
    """

    pipeline: Pipeline
    install: str
    usual: str
    declared: str


@pytest.fixture(scope="session")
def reading(make_pipeline: MakePipeline) -> Reading:
    """Of a pipeline about nothing else."""
    pipeline = make_pipeline("good")
    declared = [
        (type_, f"trustgate.column_format({{'formats': {{'it': {words}}}}}, 'it', '{type_}')")
        for type_, words, _ in DECLARED.values()
    ]
    for name, columns in {
        "usual": [(type_, "none") for type_ in READERS],
        "declared": declared,
    }.items():
        read = ",\n".join(
            f"{{{{ trustgate.parse('value', '{type_}', {words}) }}}}"
            + (" at time zone 'UTC'" if type_ == "timestamptz" else "")
            for type_, words in columns
        )
        pipeline.write(
            f"models/reading/{name}.sql",
            f"select {read} from unnest(%s::text[]) with ordinality as texts (value, place)"
            " order by place",
        )
    pipeline.write("models/reading/install.sql", "{{ trustgate.install_functions() }}")
    compiled = pipeline.runs("compile", "--select", "path:models/reading").compiled
    return Reading(pipeline, compiled["install"], compiled["usual"], compiled["declared"])


@pytest.fixture(scope="session", params=["newest", "oldest"])
def connection(request: pytest.FixtureRequest) -> psycopg.Connection[Row]:
    """One server after the other."""
    found: psycopg.Connection[Row] = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def newest(reading: Reading) -> Iterator[psycopg.Connection[Row]]:
    """The server that all tests use, with the functions installed."""
    with reading.pipeline.database.connect() as connection:
        connection.execute(reading.install.encode())
        yield connection


@pytest.fixture(scope="session")
def oldest(reading: Reading, scratch_folder: Path) -> Iterator[psycopg.Connection[Row]]:
    """A PostgreSQL 15 over TCP with the functions installed, run by an ordinary user."""
    if not (OLDEST / "initdb").exists():
        pytest.skip(f"no PostgreSQL 15 in {OLDEST}")
    home = scratch_folder / "oldest"
    home.mkdir()
    account = find_account(home / "data", home)
    let_through(account, embedded.binary("postgres"), home)
    if account is not None:
        os.chown(home, account.user_id, account.group_id)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        with (scratch_folder / "oldest.log").open("a") as log:
            subprocess.run(
                [str(OLDEST / program), "-D", str(home / "data"), *arguments],
                stdout=log,
                stderr=log,
                check=True,
                cwd="/",
                user=account.user_id if account else None,
                group=account.group_id if account else None,
                extra_groups=[] if account else None,
            )

    run("initdb", "-U", "ada", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
    options = f"-p {port} -h 127.0.0.1 -k '' -c fsync=off"
    run("pg_ctl", "-w", "-l", str(home / "log"), "-o", options, "start")
    try:
        with Database("127.0.0.1", port, "ada", "", "postgres").connect() as connection:
            connection.execute(reading.install.encode())
            yield connection
    finally:
        run("pg_ctl", "-w", "-m", "fast", "stop")
