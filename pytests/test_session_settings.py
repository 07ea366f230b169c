"""Settings of a role, a database or the environment do not change what a run finds."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from runner.postgres.session import PINNED

from .database import Database, scratch_database
from .layers.state import judgement, layers
from .pipeline import REPOSITORY, Pipeline, copy_project

BARE_DBT = (sys.executable, "-c", "from dbt.cli.main import cli; cli()", "build")
RUNNER = (sys.executable, "-m", "runner")
IN_DATABASE = {
    "datestyle": "'German, DMY'",
    "timezone": "'America/Sao_Paulo'",
    "standard_conforming_strings": "off",
    "extra_float_digits": "-3",
    "search_path": "hostile, public, pg_temp",
    "idle_session_timeout": "'2s'",
}
IN_ROLE = {"intervalstyle": "iso_8601", "client_encoding": "LATIN1", "datestyle": "'SQL, DMY'"}
ENVIRONMENT = {"PGCLIENTENCODING": "LATIN1", "PGTZ": "Asia/Tokyo", "PGDATESTYLE": "Postgres, DMY"}
LOADED_AT = re.compile(r"'_loaded_at': '[^']*'(, )?")
HOSTILE = """
    create schema hostile;
    create function hostile.md5(text) returns text language sql as $$ select 'hostile' $$;
    create function hostile.btrim(text) returns text language sql as $$ select 'hostile' $$;
"""


def call(pipeline: Pipeline, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=pipeline.root,
        env={
            name: value
            for name, value in pipeline.process_environment().items()
            if not name.startswith("PG")
        }
        | {"TRUSTGATE_DATASET": pipeline.dataset, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def set_hostile(pipeline: Pipeline) -> None:
    name, user = pipeline.database.name, pipeline.database.user
    for setting, value in IN_DATABASE.items():
        pipeline.query(f'alter database "{name}" set {setting} = {value}')
    for setting, value in IN_ROLE.items():
        pipeline.query(f'alter role "{user}" in database "{name}" set {setting} = {value}')


def state(pipeline: Pipeline) -> Mapping[str, list[str]]:
    """What the layers and the gate hold, read by a session without these settings."""
    name, user = pipeline.database.name, pipeline.database.user
    pipeline.query(f'alter database "{name}" reset all')
    pipeline.query(f'alter role "{user}" in database "{name}" reset all')
    return {**layers(pipeline), **judgement(pipeline)}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, project_database: Database) -> Path:
    root = tmp_path_factory.mktemp("settings") / "project"
    copy_project(root, project_database)
    folder = root / "incoming"
    folder.mkdir()
    for entity in ("orders", "payments"):
        source = root / "seeds" / "bad" / f"bad_{entity}.csv"
        (folder / f"{entity}.csv").write_bytes(source.read_bytes())
    return root


def load_and_run(pipeline: Pipeline, **environment: str) -> None:
    found = call(pipeline, *RUNNER, "run", "--data-dir", "incoming", **environment)
    assert found.returncode == 1, found.stdout + found.stderr


@pytest.fixture(scope="module")
def undisturbed(root: Path, project_database: Database) -> Mapping[str, list[str]]:
    pipeline = Pipeline(root, project_database, "calm", "incoming")
    load_and_run(pipeline)
    return state(pipeline)


@pytest.fixture
def hostile(root: Path, project_server: Database, project_database: Database) -> Iterator[Pipeline]:
    with scratch_database(project_server, f"trustgate_settings_{os.getpid()}") as database:
        (root / "profiles.yml").write_text(json.dumps(database.profile()))
        pipeline = Pipeline(root, database, "calm", "incoming")
        pipeline.query(HOSTILE)
        set_hostile(pipeline)
        yield pipeline
    (root / "profiles.yml").write_text(json.dumps(project_database.profile()))


def assert_same(found: Mapping[str, list[str]], expected: Mapping[str, list[str]]) -> None:
    """All rows are equal, but for when they were loaded."""
    assert found.keys() == expected.keys()
    for name, rows in expected.items():
        ours, theirs = ({LOADED_AT.sub("", row) for row in some} for some in (found[name], rows))
        assert sorted(ours - theirs) == sorted(theirs - ours), name


def test_a_run_finds_the_same_whatever_role_database_and_environment_set(
    hostile: Pipeline, undisturbed: Mapping[str, list[str]]
) -> None:
    load_and_run(hostile, **ENVIRONMENT)
    for command in (["history"], ["exceptions", "list"], ["show", "last"], ["batches", "list"]):
        found = call(hostile, *RUNNER, *command, **ENVIRONMENT)
        assert found.returncode in (0, 2), found.stderr
        assert "DateStyle" not in found.stderr
        assert "Unexpected" not in found.stderr
    assert_same(state(hostile), undisturbed)


def test_bare_dbt_finds_the_same_whatever_role_database_and_environment_set(
    hostile: Pipeline, undisturbed: Mapping[str, list[str]]
) -> None:
    loaded = call(hostile, *RUNNER, "load", "incoming")
    assert loaded.returncode == 0, loaded.stderr
    built = call(hostile, *BARE_DBT, **ENVIRONMENT)
    assert built.returncode == 1, built.stdout
    assert "ERROR=0" in built.stdout.replace("ERROR=1", "ERROR=0"), built.stdout[-2000:]
    assert_same(state(hostile), undisturbed)


def test_doctor_says_what_role_and_database_set(hostile: Pipeline) -> None:
    found = json.loads(call(hostile, *RUNNER, "doctor", "--json").stdout)
    (settings,) = [one for one in found if one["check"] == "settings"]
    assert settings["status"] == "warn"
    for words in (
        f"DateStyle 'SQL, DMY' by role {hostile.database.user}",
        f"IntervalStyle 'iso_8601' by role {hostile.database.user}",
        f"TimeZone 'America/Sao_Paulo' by database {hostile.database.name}",
        f"standard_conforming_strings 'off' by database {hostile.database.name}",
        f"search_path 'hostile, public, pg_temp' by database {hostile.database.name}",
        "client_encoding 'latin1' by role",
        "extra_float_digits '-3'",
    ):
        assert words in settings["found"]


def test_the_package_pins_what_the_runner_pins() -> None:
    macro = (REPOSITORY / "package" / "macros" / "sql" / "pinned_settings.sql").read_text()
    listed = macro.split("return({")[1].split("})")[0]
    assert yaml.safe_load(f"{{{listed.strip().rstrip(',')}}}") == PINNED
