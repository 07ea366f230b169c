"""A scratch copy of the project on a real database, for tests to change, run and look into."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import yaml

from .database import Database, Row

REPOSITORY = Path(__file__).parents[1]
STAND_IN = REPOSITORY / "stand_in" / "dbt_expectations"
PROJECT_PARTS = (
    *("dbt_project.yml", "packages.yml", "package", "models", "macros", "seeds", "snapshots"),
)
INVARIANTS = REPOSITORY / "pytests" / "invariants"
"""Singular tests of what must hold after any history; part of each copy."""
SCHEMAS = ("landing", "raw", "staging", "candidate", "quality", "marts")
AUDIT = ("pipeline_runs", "pipeline_steps", "test_results", "gate_readings")
Parameters = Sequence[Any] | Mapping[str, Any] | None
_SCHEMA = re.compile(rf"\b({'|'.join(SCHEMAS)})\.(?=\w)")


@dataclass(frozen=True)
class Outcome:
    """What one dbt invocation came to.

    Attributes:
        is_success: Whether dbt would have exited with 0.
        statuses: Of each node that ran or was skipped, by name: success, pass, fail, skipped, …
        messages: What dbt says of each node.
        compiled: SQL of each node.
        error: What kept the whole invocation from working, empty if nothing did.
    """

    is_success: bool
    statuses: Mapping[str, str]
    messages: Mapping[str, str]
    compiled: Mapping[str, str]
    error: str

    def of(self, status: str) -> set[str]:
        """Names of the nodes that ended so."""
        return {name for name, found in self.statuses.items() if found == status}


@dataclass(frozen=True)
class Pipeline:
    """A copy of the project with a namespace and an active dataset of its own.

    Attributes:
        root: Folder of the copy, with packages and profile in it.
        namespace: TRUSTGATE_NAMESPACE.
        dataset: TRUSTGATE_DATASET.
    """

    root: Path
    database: Database
    namespace: str
    dataset: str

    def about(self, dataset: str) -> Pipeline:
        """The same with another active dataset."""
        return replace(self, dataset=dataset)

    def dbt(self, *arguments: str) -> Outcome:
        """Run dbt in this process.

        Each namespace and dataset has its own target folder, so that dbt parses once for each.
        """
        from dbt.cli.main import dbtRunner
        from dbt_common.events.functions import reset_metadata_vars

        target = self.root / "target" / f"{self.namespace}_{self.dataset}"
        places = {
            "project-dir": self.root,
            "profiles-dir": self.root,
            "target-path": target,
            "log-path": self.root / "logs",
        }
        options = [f"--{name}={place}" for name, place in places.items()]
        options += ["--log-level-file", "none"]
        if (target / "manifest.json").exists() and arguments[0] != "docs":
            # It takes a twentieth of the time, and what tests read of the first manifest stays so.
            options.append("--no-write-json")
        with self._environment(), _seldom_collected():
            # dbt reads them once in a process, which a test may have given others.
            reset_metadata_vars()
            done = dbtRunner().invoke([*arguments, "--quiet", *options])
        results = getattr(done.result, "results", None) or ()
        return Outcome(
            done.success,
            {result.node.name: str(result.status) for result in results},
            {result.node.name: result.message or "" for result in results},
            {
                result.node.name: getattr(result.node, "compiled_code", None) or ""
                for result in results
            },
            str(done.exception or ""),
        )

    def runs(self, *arguments: str) -> Outcome:
        """As `dbt`, for what must work.

        Raises: AssertionError with dbt's words if a node broke, or nothing ran at all.
        """
        outcome = self.dbt(*arguments)
        broken = [outcome.messages[name] for name in sorted(outcome.of("error"))]
        assert not outcome.error and not broken, "\n".join([outcome.error, *broken])
        assert outcome.statuses or outcome.is_success, "dbt ran nothing"
        return outcome

    def query(self, statement: str, parameters: Parameters = None) -> list[Row]:
        """Rows of a statement whose schemas are written without the namespace."""
        with self.database.connect() as connection:
            return self.query_on(connection, statement, parameters)

    def query_on(
        self,
        connection: psycopg.Connection[Row],
        statement: str,
        parameters: Parameters = None,
    ) -> list[Row]:
        """As `query`, on a connection of the caller."""
        cursor = connection.execute(self.named(statement).encode(), parameters)
        return cursor.fetchall() if cursor.description else []

    def value(self, statement: str, parameters: Parameters = None) -> Any:
        """The only value of the only row."""
        ((found,),) = self.query(statement, parameters)
        return found

    def records(self, statement: str) -> list[dict[str, Any]]:
        """Rows as mappings of JSON values; numerics keep their scale only as text does."""
        found = self.query(f"select to_jsonb(record) from ({statement}) as record")
        return [record for (record,) in found]

    def named(self, statement: str) -> str:
        """The statement with the namespace before each schema."""
        return _SCHEMA.sub(rf"{self.namespace}_\1.", statement)

    def tables(self) -> list[str]:
        """Tables of all schemas, as `schema.table` without the namespace."""
        found = self.query(
            "select substr(schemaname, %s), tablename from pg_tables where schemaname = any(%s)",
            [len(self.namespace) + 2, [f"{self.namespace}_{schema}" for schema in SCHEMAS]],
        )
        return sorted(f"{schema}.{table}" for schema, table in found)

    def row_versions(self) -> dict[str, set[tuple[str, str]]]:
        """Place and writing transaction of every row, by table; audit left out.

        Rows that were written anew are other rows here, even where nothing in them changed.
        """
        return {
            table: set(self.query(f"select ctid::text, xmin::text from {table}"))
            for table in self.tables()
            if table.split(".")[1] not in AUDIT
        }

    def write(self, path: str, content: str) -> None:
        """Write a file of the copy."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace text that a file of the copy has exactly once."""
        content = (self.root / path).read_text()
        assert content.count(old) == 1, f"{path} has {content.count(old)} times {old!r}"
        self.write(path, content.replace(old, new))

    def set(self, **settings: Any) -> None:
        """Settings of `vars: trustgate`, each in place of its default or of what was set before."""
        lines = (self.root / "dbt_project.yml").read_text().splitlines()
        lines = [line for line in lines if line.split(":")[0].strip() not in settings]
        set_ = [f"    {name}: {json.dumps(value)}" for name, value in settings.items()]
        at = lines.index("  trustgate:") + 1
        self.write("dbt_project.yml", "\n".join([*lines[:at], *set_, *lines[at:], ""]))

    def load(
        self,
        entity: str,
        records: Iterable[tuple[int, Sequence[str | None]]],
        batch_id: str,
        loaded_at: datetime,
        dataset: str | None = None,
    ) -> None:
        """Load a batch as a loader does: COPY into landing and its control figures, at once.

        Args:
            records: Row number and the entity's values in the order its columns are declared, None
                for NULL.
        """
        with self.database.connect() as connection, connection.transaction():
            declared = self._declared(entity)
            amount = declared["config"]["meta"].get("amount")
            listed = ", ".join(column["name"] for column in declared["columns"])
            copy = self.named(
                f"copy landing.{entity} (_batch_id, _row_number, {listed}) from stdin"
            )
            with connection.cursor().copy(copy.encode()) as stream:
                for number, values in records:
                    stream.write_row((batch_id, number, *values))
            self.query_on(
                connection,
                f"""
                insert into quality.batches (
                    batch_id, dataset, entity, source_file, file_sha256, expected_count,
                    loaded_count, rejected_count, blank_count, amount_total, row_hash, worker_count,
                    status, loaded_at
                )
                select
                    %(batch)s, %(dataset)s, %(entity)s, %(batch)s || '.csv', md5(%(batch)s),
                    count(*), count(*), 0, 0,
                    {f"sum(quality.try_numeric({amount}))" if amount else "null"},
                    concat_ws(':', count(*), {_half_sum("left")}, {_half_sum("right")}),
                    1, 'LOADED', %(loaded_at)s
                from (
                    select *, md5(row({listed})::text) as checksum
                    from landing.{entity} where _batch_id = %(batch)s
                ) as loaded
                """,
                {
                    "batch": batch_id,
                    "dataset": dataset or self.dataset,
                    "entity": entity,
                    "loaded_at": loaded_at,
                },
            )

    def _declared(self, entity: str) -> dict[str, Any]:
        """The base model of an entity, as the YAML of the copy declares it now."""
        for file in sorted((self.root / "models").rglob("*.yml")):
            for model in yaml.safe_load(file.read_text()).get("models") or ():
                if model["name"] == f"base_{entity}":
                    return dict(model)
        raise LookupError(f"no base_{entity} is declared")

    def process_environment(self, **more: str) -> dict[str, str]:
        """Environment of a process that works on this pipeline."""
        return {
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "TRUSTGATE_NAMESPACE": self.namespace,
            "DBT_PROFILES_DIR": str(self.root),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
            **more,
        }

    @contextmanager
    def _environment(self) -> Iterator[None]:
        before = dict(os.environ)
        os.environ.update(
            TRUSTGATE_NAMESPACE=self.namespace,
            TRUSTGATE_DATASET=self.dataset,
            DBT_SEND_ANONYMOUS_USAGE_STATS="0",
        )
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """dbt makes a million objects that stay; looking through them all the time takes time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _half_sum(half: str) -> str:
    """SQL of the sum of one 64-bit half of each checksum."""
    return f"coalesce(sum(('x' || {half}(checksum, 16))::bit(64)::bigint::numeric), 0)"


def copy_project(root: Path, database: Database) -> None:
    """Copy what git knows of the project (all of it outside a checkout), with packages and profile.

    Args:
        root: Folder of the copy, made here.
    """
    root.mkdir()
    listed = subprocess.run(
        ["git", "ls-files", "--", *PROJECT_PARTS],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    known = {REPOSITORY / name for name in listed.stdout.splitlines()}
    for part in PROJECT_PARTS:
        path = REPOSITORY / part
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and (file in known or not known):
                copy = root / file.relative_to(REPOSITORY)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
    shutil.copytree(INVARIANTS, root / "tests")
    install_packages(root, {"dbt_expectations": STAND_IN})
    (root / "profiles.yml").write_text(json.dumps(database.profile()))  # JSON is YAML


def install_packages(root: Path, packages: Mapping[str, Path]) -> None:
    """Put dbt packages where dbt looks for them, beside the project's own `package/`."""
    folder = root / "dbt_packages"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "trustgate").symlink_to(root / "package")
    for name, source in packages.items():
        shutil.copytree(source, folder / name)
