"""A server, and a project of its own on it with the runner to run there."""

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.rows import DictRow, dict_row


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL server."""

    host: str
    port: int
    user: str
    password: str

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password or None,
            dbname=database,
            autocommit=True,
        )

    def connect_for_rows(self, database: str) -> psycopg.Connection[DictRow]:
        """As `connect`, with rows as the runner reads them."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password or None,
            dbname=database,
            autocommit=True,
            row_factory=dict_row,
        )

    def profile(self, database: str) -> str:
        """A profiles.yml for a database of this server."""
        return f"""\
trustgate:
  target: test
  outputs:
    test:
      type: postgres
      host: "{self.host}"
      port: {self.port}
      user: "{self.user}"
      password: "{self.password}"
      dbname: "{database}"
      schema: public
      threads: 2
"""


@dataclass(frozen=True)
class Workplace:
    """A project of its own on a database of its own, and the runner to run there."""

    root: Path
    server: Server
    database: str
    environment: dict[str, str]

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Start the runner and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "runner", *arguments],
            cwd=self.root,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell that runs the tests in the background has Ctrl-C ignored; a user has not.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run the runner to its end."""
        process = self.start(*arguments, **environment)
        output, errors = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def query(self, statement: str) -> list[tuple[object, ...]]:
        with self.server.connect(self.database) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []
