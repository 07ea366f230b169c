"""Owner, operator and viewer: what each may do, on PostgreSQL 15 and 18, without a superuser."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from runner.postgres import embedded
from runner.postgres.service_account import find_account, let_through

from .database import Database, Row
from .pipeline import REPOSITORY, Parameters, Pipeline, copy_project

OLDEST = Path("/usr/lib/postgresql/15/bin")
PROGRAMS = {"15": OLDEST, "18": None}
HISTORY = (
    *("quality.pipeline_runs", "quality.pipeline_steps", "quality.test_results"),
    *("quality.exception_events", "raw.orders", "raw.payments", "quality.dq_results"),
    *("quality.exception_findings", "marts.fct_orders", "staging.base_orders"),
)


@contextmanager
def tcp_server(home: Path, programs: Path | None) -> Iterator[Database]:
    """A server over TCP with passwords, and a database of it for a user who is no superuser."""
    data = home / "data"
    data.mkdir(mode=0o700)
    (home / "password").write_text("secret\n")
    account = find_account(data, home)
    folder = programs or embedded.binary("postgres").parent
    let_through(account, folder / "postgres", home)
    if account is not None:
        for path in (home, data, home / "password"):
            os.chown(path, account.user_id, account.group_id)

    def call(name: str, *arguments: str) -> None:
        subprocess.run(
            [str(folder / name), *arguments],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            user=account.user_id if account else None,
            group=account.group_id if account else None,
        )

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    call(
        *("initdb", "-D", str(data), "-U", "root_of_all", "-A", "scram-sha-256"),
        *("--pwfile", str(home / "password"), "--encoding=UTF8", "--locale=C"),
    )
    control = ("pg_ctl", "-D", str(data), "-w")
    call(*control, "-l", str(home / "log"), "-o", f"-p {port} -h 127.0.0.1 -k ''", "start")
    try:
        superuser = Database("127.0.0.1", port, "root_of_all", "secret", "postgres")
        with superuser.connect() as connection:
            connection.execute("create role admin login createrole password 'secret'")
            connection.execute("create database shop owner admin")
        yield Database("127.0.0.1", port, "admin", "secret", "shop")
    finally:
        call(*control, "-m", "immediate", "stop")


@pytest.fixture(scope="module", params=["15", "18"])
def pipeline(
    request: pytest.FixtureRequest,
) -> Iterator[Pipeline]:
    """A pipeline with bad in it, on which `runner db grants` ran twice."""
    programs = PROGRAMS[request.param]
    if programs is not None and not programs.is_dir():
        pytest.skip("PostgreSQL 15 is not installed")
    # Not pytest's folder: another session of pytest closes that to the server's user.
    with (
        tempfile.TemporaryDirectory(prefix="tgroles") as folder,
        tcp_server(home := Path(folder), programs) as database,
    ):
        root = home / "project"
        copy_project(root, database)
        made = Pipeline(root, database, "", "bad")
        for dataset, expected in (("good", 0), ("bad", 1)):
            code, output = runner(made, database, "run", "--dataset", dataset)
            assert code == expected, output
        for _ in range(2):
            code, output = runner(made, database, "db", "grants", "--execute")
            assert code == 0, output
        for name in ("owner", "operator", "viewer"):
            ask(made, f"create role {name} login password 'secret' in role trustgate_{name}")
        yield made


def runner(pipeline: Pipeline, database: Database, *arguments: str) -> tuple[int, str]:
    """Exit code and output of a command on a connection."""
    profile = database.profile()
    if database.user == "owner":
        profile["trustgate"]["outputs"]["test"]["role"] = "trustgate_owner"
    folder = pipeline.root / f"profile_of_{database.user}"
    folder.mkdir(exist_ok=True)
    (folder / "profiles.yml").write_text(json.dumps(profile))
    done = subprocess.run(
        [sys.executable, "-m", "runner", *arguments],
        cwd=pipeline.root,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "DBT_PROFILES_DIR": str(folder),
            "TRUSTGATE_DATASET": "bad",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    return done.returncode, done.stdout + done.stderr


def ask(pipeline: Pipeline, statement: str, parameters: Parameters = None) -> list[Row]:
    """Rows of a statement; there is no namespace."""
    with pipeline.database.connect() as connection:
        cursor = connection.execute(statement.encode(), parameters)
        return cursor.fetchall() if cursor.description else []


def value(pipeline: Pipeline, statement: str) -> str:
    ((found,),) = ask(pipeline, statement)
    return str(found)


def as_user(pipeline: Pipeline, name: str) -> Database:
    return replace(pipeline.database, user=name)


def refused(database: Database, statement: str) -> bool:
    """Whether a statement lacks a right; it is rolled back."""
    with database.connect() as connection, connection.transaction(force_rollback=True):
        try:
            connection.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            return True
    return False


def test_operator_does_the_work_of_users(pipeline: Pipeline) -> None:
    operator = as_user(pipeline, "operator")
    listed = json.loads(runner(pipeline, operator, "exceptions", "list", "--json")[1])
    rows = listed if isinstance(listed, list) else listed["exceptions"]
    orders = [one for one in rows if one["entity"] == "orders" and one["record_key"]]
    first, second = orders[0]["exception_id"], orders[1]["exception_id"]
    key = orders[0]["record_key"]
    suppress = ("--ticket", "SHOP-1", "--reason", "known", "--expires", "2d")
    for command in (
        ("exceptions", "ack", first, "--note", "seen"),
        ("exceptions", "assign", first, "--to", "ada"),
        ("exceptions", "start", first),
        ("exceptions", "block", second, "--note", "waiting"),
        ("exceptions", "unblock", second),
        ("exceptions", "retry", second),
        ("exceptions", "ignore", first, "--note", "accepted"),
        ("exceptions", "reopen", first, "--note", "again"),
        ("exceptions", "show", first),
        ("exceptions", "summary"),
        ("suppress", "add", "--check", orders[0]["check_id"], *suppress),
        ("correct", "orders", key, "customer_id=C-77", "--reason", "typo"),
        ("history",),
        ("lineage", "orders", key),
        ("suppress", "list"),
    ):
        code, output = runner(pipeline, operator, *command)
        assert code == 0, (command, output)
    identifier = value(pipeline, "select suppression_id::text from quality.suppressions")
    assert runner(pipeline, operator, "suppress", "revoke", identifier)[0] == 0
    corrected = value(pipeline, "select correction_id::text from quality.corrections")
    assert runner(pipeline, operator, "correct", "revert", corrected)[0] == 0


def test_operator_rewrites_no_history(pipeline: Pipeline) -> None:
    operator = as_user(pipeline, "operator")
    for relation in HISTORY:
        ((column,),) = ask(
            pipeline,
            "select attname from pg_attribute where attrelid = %s::regclass and attnum = 1",
            [relation],
        )
        for statement in (
            f"update {relation} set {column} = {column}",
            f"delete from {relation}",
            f"truncate {relation}",
            f"drop table {relation}",
            f"alter table {relation} add column more text",
        ):
            assert refused(operator, statement), statement
    for statement in (
        "insert into raw.orders select * from raw.orders",
        "insert into quality.pipeline_runs select * from quality.pipeline_runs",
        "update quality.suppressions set expires_at = now() + interval '1 year'",
        "update quality.suppressions set ticket = 'another', reason = 'another'",
        "update quality.corrections set new_value = 'another'",
        "update quality.batches set loaded_count = 0",
        "delete from quality.suppressions",
        "delete from quality.exception_work",
        "create table quality.mine (id integer)",
        "create schema mine",
    ):
        assert refused(operator, statement), statement
    assert not refused(operator, "update quality.suppressions set revoked_at = now()")
    assert runner(pipeline, operator, "run", "--always")[0] == 3


def test_viewer_reads_and_writes_nothing(pipeline: Pipeline) -> None:
    viewer = as_user(pipeline, "viewer")
    for command in (("history",), ("exceptions", "list"), ("suppress", "list")):
        assert runner(pipeline, viewer, *command)[0] == 0
    exception = value(pipeline, "select exception_id::text from quality.open_exceptions limit 1")
    code, output = runner(pipeline, viewer, "exceptions", "ack", exception)
    assert (code, "permission denied for" in output) == (3, True)
    for statement in (
        "insert into quality.suppressions select * from quality.suppressions",
        "update quality.exception_work set status = null",
        "delete from quality.exception_events",
        "create table marts.mine (id integer)",
    ):
        assert refused(viewer, statement), statement
    relations = ask(
        pipeline,
        "select format('%I.%I', table_schema, table_name) from information_schema.tables"
        " where table_schema in ('landing', 'raw', 'staging', 'candidate', 'quality', 'marts')",
    )
    assert len(relations) > 40
    for (relation,) in relations:
        assert not refused(viewer, f"select count(*) from {relation}"), relation


def test_doctor_says_what_each_may_do_and_what_is_missing_for_what(pipeline: Pipeline) -> None:
    def rights(name: str) -> dict[str, str]:
        _, output = runner(pipeline, as_user(pipeline, name), "doctor", "--json")
        return next(one for one in json.loads(output) if one["check"] == "rights")

    operator, viewer, owner = rights("operator"), rights("viewer"), rights("owner")
    assert operator["status"] == viewer["status"] == owner["status"] == "ok"
    assert "may read and work exceptions, as an operator; not run or load" in operator["found"]
    assert (
        "may read, as a viewer; not run or load: no right to create in landing" in viewer["found"]
    )
    assert "insert on quality.suppressions (suppress failures)" in viewer["found"]
    assert "update of revoked_at, revoked_by on quality.suppressions" in viewer["found"]
    owning = as_user(pipeline, "admin")
    with owning.connect() as connection:
        connection.execute("set role trustgate_owner")
        connection.execute("revoke insert on quality.corrections from trustgate_operator")
        connection.execute("revoke select on raw.orders from trustgate_viewer")
    assert (
        "not write: insert on quality.corrections (correct values)" in rights("operator")["found"]
    )
    missing = rights("viewer")
    assert (missing["status"], "not read raw.orders" in missing["found"]) == ("fail", True)
    assert runner(pipeline, pipeline.database, "db", "grants", "--execute")[0] == 0
    assert (rights("operator"), rights("viewer")) == (operator, viewer)


def test_owner_runs_and_what_it_builds_anew_can_be_read(pipeline: Pipeline) -> None:
    owner = as_user(pipeline, "owner")
    code, output = runner(pipeline, owner, "run", "--full-refresh")
    assert code == 1, output
    code, output = runner(pipeline, owner, "run", "--dataset", "good")
    assert code == 0, output
    for name in ("operator", "viewer"):
        assert not refused(as_user(pipeline, name), "select * from candidate.fct_orders")
        assert not refused(as_user(pipeline, name), "select * from quality.gate")


def test_the_statements_it_prints_do_the_same(pipeline: Pipeline) -> None:
    code, output = runner(pipeline, pipeline.database, "db", "grants")
    assert code == 0
    with pipeline.database.connect() as connection:
        connection.execute(output.encode())
    same = runner(pipeline, pipeline.database, "db", "grants", "--owner", "one", "--viewer", "one")
    assert same[0] == 2
