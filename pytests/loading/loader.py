"""Files loaded for real: two entities, their landing and the record of loads in a namespace."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from psycopg import sql

from runner.loading.entities import Entity
from runner.loading.load import load
from runner.loading.model import LoadedBatch, LoadRequest
from runner.loading.progress import LoadProgress, Watcher
from runner.postgres.database import Database, connected
from runner.postgres.profiles import Profile
from runner.project import Project

THINGS = Entity("things", ("thing_id", "amount", "note"), "amount")
PARTS = Entity("parts", ("part_id",))
PROVENANCE = "_batch_id text, _row_number bigint, _worker_id integer"
TABLES = f"""
create schema {{schema}}_landing; create schema {{schema}}_quality;
create table {{schema}}_landing.things
    ({PROVENANCE}, thing_id text, amount text, note text, _extra jsonb);
create table {{schema}}_landing.parts ({PROVENANCE}, part_id text, _extra jsonb);
create table {{schema}}_quality.batches (
    batch_id text, dataset text, entity text, source_file text, file_sha256 text,
    expected_count bigint, expected_amount numeric, expected_hash text, loaded_count bigint,
    rejected_count bigint, blank_count bigint, amount_total numeric, row_hash text,
    worker_count integer, status text, loaded_at timestamptz, load_id text, size_bytes bigint,
    content_hash text, business_date date, sender_batch_id text, control jsonb, differences jsonb,
    extra_columns text[], started_at timestamptz, failure text, decided_by text,
    decided_at timestamptz, decision_reason text);
create table {{schema}}_quality.batch_workers (
    batch_id text, worker_id integer, records_read bigint, records_written bigint,
    batches_written bigint, records_rejected bigint, started_at timestamptz,
    finished_at timestamptz, records_blank bigint);
create table {{schema}}_quality.rejects (
    batch_id text, row_number bigint, reason text, raw_line text, line_number bigint, detail text);
create function {{schema}}_quality.try_numeric(value text) returns numeric language sql as
    $$ select case when pg_input_is_valid(value, 'numeric') then value::numeric end $$;
"""
_numbers = itertools.count(1)


@dataclass
class Loader:
    """Loads files of a folder into a namespace of its own.

    Attributes:
        folder: Where the files are.
        told: Sentences that loads said.
        seen: Progress that loads told.
    """

    profile: Profile
    project: Project
    database: Database
    folder: Path
    entities: Sequence[Entity] = (THINGS, PARTS)
    told: list[str] = field(default_factory=list)
    seen: list[LoadProgress] = field(default_factory=list)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files of the folder, folders between included."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def load(
        self, files: Mapping[str, str | bytes] | None = None, dataset: str = "shop", **options: Any
    ) -> list[LoadedBatch]:
        """Load the folder, with these files in it. `options` are those of LoadRequest."""
        self.write(files or {})
        watcher = Watcher(self.told.append, self.seen.append)
        with connected(self.profile, self.project) as database:
            return load(
                *(database, self.profile, dataset, self.entities),
                LoadRequest(self.folder, **options),
                watcher,
            )

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a statement whose schemas are written without the namespace.

        Each column needs a name of its own.
        """
        named = statement.replace("landing.", f"{self.project.namespace}_landing.").replace(
            "quality.", f"{self.project.namespace}_quality."
        )
        found = self.database.connection.execute(named.encode(), parameters or None)
        return [tuple(row.values()) for row in found.fetchall()] if found.description else []

    def landed(self) -> list[tuple[Any, ...]]:
        """Row numbers and values of things in landing, in the order of their batch."""
        return self.rows(
            "select _row_number, thing_id, amount, note from landing.things"
            " order by _batch_id, _row_number"
        )

    def statuses(self) -> list[str]:
        """Status of each batch, in the order of their loads."""
        return [status for (status,) in self.rows("select status from quality.batches order by 1")]

    def is_untouched(self) -> bool:
        """Whether nobody can see anything of any load, and nothing lies about."""
        (found,) = self.rows(
            "select (select count(*) from landing.things) + (select count(*) from landing.parts)"
            " + (select count(*) from quality.batches where status <> 'FAILED')"
            " + (select count(*) from quality.batch_workers)"
            " + (select count(*) from quality.rejects) as rows"
        )
        return found == (0,) and self.slices() == []

    def slices(self) -> list[str]:
        """Tables of landing beside those of the entities."""
        found = self.rows(
            "select tablename from pg_tables where schemaname = %s"
            " and tablename not in ('things', 'parts') order by 1",
            [f"{self.project.namespace}_landing"],
        )
        return [name for (name,) in found]


def make_schemas(database: Database) -> None:
    """Create what loads write to."""
    namespace = database.project.namespace
    database.connection.execute(TABLES.format(schema=namespace).encode())


def drop_schemas(database: Database) -> None:
    """Drop it again."""
    for name in ("landing", "quality"):
        database.connection.execute(
            sql.SQL("drop schema if exists {} cascade").format(
                sql.Identifier(database.project.schema(name))
            )
        )


def next_namespace() -> str:
    """A namespace nobody uses."""
    return f"load{next(_numbers)}"
