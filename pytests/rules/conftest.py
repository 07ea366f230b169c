"""Servers of two PostgreSQL versions with the functions that read text."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from runner import embedded
from runner.service_account import find_account, let_through

from ..conftest import MakePipeline
from ..database import Database, Row
from ..pipeline import Pipeline
from .reading import READERS

OLDEST = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="session")
def reading(make_pipeline: MakePipeline) -> tuple[Pipeline, str, str]:
    """A pipeline, the statement that installs its functions, and a query that reads texts.

    The query has one column for each of READERS, and takes an array of texts.
    """
    pipeline = make_pipeline("good")
    read = ",\n".join(
        f"{{{{ trustgate.parse('value', '{type_}') }}}}"
        f"{' at time zone {}'.format(chr(39) + 'UTC' + chr(39)) if type_ == 'timestamptz' else ''}"
        for type_ in READERS
    )
    pipeline.write("models/reading/install.sql", "{{ trustgate.install_functions() }}")
    pipeline.write(
        "models/reading/read.sql",
        f"select {read} from unnest(%s::text[]) with ordinality as texts (value, place)"
        " order by place",
    )
    compiled = pipeline.runs("compile", "--select", "path:models/reading").compiled
    return pipeline, compiled["install"], compiled["read"]


@pytest.fixture(scope="session")
def newest(reading: tuple[Pipeline, str, str]) -> Iterator[psycopg.Connection[Row]]:
    """The server that all tests use, with the functions installed."""
    pipeline, install, _ = reading
    with pipeline.database.connect() as connection:
        connection.execute(install.encode())
        yield connection


@pytest.fixture(scope="session")
def oldest(
    reading: tuple[Pipeline, str, str], scratch_folder: Path
) -> Iterator[psycopg.Connection[Row]]:
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
            connection.execute(reading[1].encode())
            yield connection
    finally:
        run("pg_ctl", "-w", "-m", "fast", "stop")
