"""A dbt project of nothing but tests, run once with one package and read back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from .cases import CASES, Case
from .sample import SCHEMA, TABLE

STAND_IN = Path(__file__).parents[2] / "stand_in" / "dbt_expectations"


@dataclass(frozen=True)
class Stored:
    """The failing rows dbt stored for one test: column names, and each row with its count."""

    columns: tuple[str, ...]
    rows: Counter[tuple[Any, ...]]


@dataclass(frozen=True)
class Outcome:
    """What one dbt invocation said and stored, by name of the case."""

    statuses: dict[str, str]
    messages: dict[str, str]
    stored: dict[str, Stored]


def run_stand_in(database: str, folder: Path) -> Outcome:
    """Run every case with the stand-in."""
    return run_cases(CASES, {"dbt_expectations": STAND_IN}, "with_stand_in", database, folder)


def run_cases(
    cases: tuple[Case, ...],
    packages: dict[str, Path],
    schema: str,
    database: str,
    folder: Path,
) -> Outcome:
    """Run the cases in one `dbt test` with failing rows stored.

    Args:
        packages: Folder of each dbt package, by its name.
        schema: Where failing rows are stored, followed by `_failures`; dropped before.
        folder: An empty folder for the project.
    Raises: AssertionError with what dbt printed if dbt left no results.
    """
    printed = print_of_run(cases, packages, schema, database, folder)
    results = folder / "target" / "run_results.json"
    assert results.exists(), printed
    statuses, messages, stored = {}, {}, {}
    with psycopg.connect(database) as connection:
        for result in json.loads(results.read_text())["results"]:
            name = result["unique_id"].split(".")[2]
            statuses[name] = result["status"]
            messages[name] = result["message"] or ""
            if result["status"] in ("pass", "fail"):
                stored[name] = _stored(connection, f"{schema}_failures", name)
    return Outcome(statuses, messages, stored)


def print_of_run(
    cases: tuple[Case, ...],
    packages: dict[str, Path],
    schema: str,
    database: str,
    folder: Path,
) -> str:
    """Run the cases as `run_cases` does and return what dbt printed."""
    _write_project(cases, packages, schema, database, folder)
    with psycopg.connect(database) as connection:
        connection.execute(
            sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(f"{schema}_failures"))
        )
    return _run_dbt(folder)


def _run_dbt(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "test"],
        cwd=folder,
        env={**os.environ, "DBT_PROFILES_DIR": str(folder), "DBT_SEND_ANONYMOUS_USAGE_STATS": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def _stored(connection: psycopg.Connection[Any], schema: str, table: str) -> Stored:
    cursor = connection.execute(sql.SQL("select * from {}").format(sql.Identifier(schema, table)))
    columns = tuple(column.name for column in cursor.description or ())
    return Stored(columns, Counter(cursor.fetchall()))


def _write_project(
    cases: tuple[Case, ...],
    packages: dict[str, Path],
    schema: str,
    database: str,
    folder: Path,
) -> None:
    for name, package in packages.items():
        (folder / "dbt_packages").mkdir(exist_ok=True)
        (folder / "dbt_packages" / name).symlink_to(package.resolve())
    (folder / "models").mkdir()
    (folder / "macros").mkdir()
    (folder / "macros" / "generate_schema_name.sql").write_text(
        "{% macro generate_schema_name(custom_schema_name, node) %}"
        "{{ target.schema ~ '_failures' }}{% endmacro %}\n"
    )
    _write(
        folder / "dbt_project.yml",
        {
            "name": "scratch",
            "profile": "scratch",
            "model-paths": ["models"],
            "macro-paths": ["macros"],
            "flags": {"require_generic_test_arguments_property": True},
            "vars": {"dbt_date:time_zone": "UTC"},
            "data_tests": {"+store_failures": True},
        },
    )
    _write(folder / "profiles.yml", {"scratch": _profile(schema, database)})
    source = {"name": "sample", "schema": SCHEMA, "tables": [_table(cases)]}
    _write(folder / "models" / "sources.yml", {"sources": [source]})


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False))  # JSON is YAML


def _profile(schema: str, database: str) -> dict[str, Any]:
    with psycopg.connect(database) as connection:
        info = connection.info
        output = {
            "type": "postgres",
            "host": info.host,
            "port": info.port,
            "user": info.user,
            "password": info.password,
            "dbname": info.dbname,
            "schema": schema,
            "threads": 2,
        }
    return {"target": "scratch", "outputs": {"scratch": output}}


def _table(cases: tuple[Case, ...]) -> dict[str, Any]:
    columns: dict[str, dict[str, Any]] = {}
    table_tests = []
    for case in cases:
        config = {"where": case.where} if case.where else {}
        test = {
            f"dbt_expectations.{case.test}": {
                "name": case.name,
                "arguments": case.arguments,
                "config": config,
            }
        }
        if case.column is None:
            table_tests.append(test)
        else:
            quoted = {"quote": True} if case.column != case.column.lower() else {}
            column = columns.setdefault(
                case.column, {"name": case.column, **quoted, "data_tests": []}
            )
            column["data_tests"].append(test)
    return {"name": TABLE, "data_tests": table_tests, "columns": list(columns.values())}
