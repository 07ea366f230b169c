"""The plain dbt project in the workplace: what one would write without Trustgate."""

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.commerce import ENTITIES
from bench.timed_process import ProcessRun, run_process
from bench.workplace import ROOT, Workplace, write_profile

SCHEMA = "plain"
"""Before each of its schemas."""
RAW = f"{SCHEMA}_raw"
FAILURES = f"{SCHEMA}_failures"
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class PlainProject:
    """A copy of `bench/plain` with a profile of the workplace's server.

    Attributes:
        root: Directory of the copy.
    """

    root: Path

    @property
    def target(self) -> Path:
        """Where dbt keeps what it parsed, and the results of its last run."""
        return self.root / "target"

    def create_tables(self, connection: psycopg.Connection) -> None:
        """Create the tables that the files are copied into, all text."""
        connection.execute(f"create schema {RAW}")
        for name, entity in ENTITIES.items():
            columns = ", ".join(f"{column} text" for column in entity.columns.split(", "))
            connection.execute(
                f"create table {RAW}.{name} ({columns}, loaded_at timestamptz default now())"
            )

    def load(self, connection: psycopg.Connection, directory: Path) -> None:
        """Add the files of a day, as psql's `\\copy` does it."""
        for name, entity in ENTITIES.items():
            statement = f"copy {RAW}.{name} ({entity.columns}) from stdin (format csv, header true)"
            with (
                (directory / f"{name}.csv").open("rb") as file,
                connection.cursor() as cursor,
                cursor.copy(statement) as copy,
            ):
                while chunk := file.read(CHUNK_BYTES):
                    copy.write(chunk)

    def build(self) -> ProcessRun:
        """Build and test everything, as it does each day."""
        places = ("--project-dir", str(self.root), "--profiles-dir", str(self.root))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
        environment = {**kept, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
        return run_process([sys.executable, "-m", "dbt.cli.main", "build", *places], environment)


def open_plain_project(place: Workplace) -> PlainProject:
    """The plain project in the workplace, copied again."""
    root = place.home / "plain"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(ROOT / "bench" / "plain", root)
    write_profile(place, root, "plain", schema=SCHEMA)
    return PlainProject(root)


def count_nodes(target: Path) -> int:
    """Nodes of the last run of dbt that kept its results there; 0 where none did."""
    results = target / "run_results.json"
    if not results.is_file():
        return 0
    return len(json.loads(results.read_text(encoding="utf-8"))["results"])
