"""A database that tests have for themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from runner.postgres import embedded
from runner.postgres.embedded import Embedded

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Database:
    """Where a database is: host is a directory for a unix socket."""

    host: str
    port: int
    user: str
    password: str
    name: str

    def connect(self) -> psycopg.Connection[Row]:
        """A connection whose every statement commits."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password or None,
            dbname=self.name,
            autocommit=True,
        )

    def profile(self) -> dict[str, Any]:
        """The profile `trustgate` for dbt, as its YAML has it."""
        output = {
            "type": "postgres",
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": self.name,
            "schema": "public",
            "threads": 2,
        }
        return {"trustgate": {"target": "test", "outputs": {"test": output}}}


def database_of(own: Embedded) -> Database:
    """The database of an embedded server."""
    return Database(str(own.socket_directory), embedded.PORT, embedded.USER, "", embedded.DATABASE)


@contextmanager
def server(home: Path) -> Iterator[Database]:
    """A running server: TRUSTGATE_TEST_SERVER (a libpq URL), else an embedded one in home.

    Args:
        home: An empty directory with a path short enough for a socket.
    """
    url = os.environ.get("TRUSTGATE_TEST_SERVER")
    if url:
        parts = urlsplit(url)
        yield Database(
            parts.hostname or "localhost",
            parts.port or embedded.PORT,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            "postgres",
        )
        return
    own = Embedded(home / ".trustgate")
    embedded.start(own)
    database = database_of(own)
    try:
        with database.connect() as connection:
            # What a crash would lose is of no use to a test.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(
                    sql.SQL("alter system set {} = off").format(sql.Identifier(setting))
                )
            connection.execute("select pg_reload_conf()")
        yield database
    finally:
        embedded.stop(own)


EMPTY = "template1"


@contextmanager
def scratch_database(server: Database, name: str, template: str = EMPTY) -> Iterator[Database]:
    """A database of this name, dropped afterwards.

    Args:
        template: The database it is a copy of, to which nobody is connected.
    """
    create_database(server, name, template)
    yield Database(server.host, server.port, server.user, server.password, name)
    _drop_database(server, name)


def create_database(server: Database, name: str, template: str = EMPTY) -> None:
    """Make a database, in place of the one of this name, whoever may be connected to that."""
    _drop_database(server, name)
    with server.connect() as connection:
        connection.execute(
            sql.SQL("create database {} template {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def _drop_database(server: Database, name: str) -> None:
    with server.connect() as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )
