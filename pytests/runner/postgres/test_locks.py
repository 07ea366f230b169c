"""One run at a time, and none on top of a killed run's last statement."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from runner.errors import LockHeldError
from runner.postgres.database import Database
from runner.postgres.locks import take_run_lock, wait_for_models
from runner.project import Project

from ..workplace import Server


@contextmanager
def session(server: Server, name: str, project: Project) -> Iterator[Database]:
    with server.connect_for_rows(name) as connection:
        connection.execute("set application_name = 'somebody else'")
        yield Database(connection, project)


def test_a_second_run_is_refused_naming_who_holds_the_lock(
    server: Server, database: str, project: Project
) -> None:
    with session(server, database, project) as first, session(server, database, project) as second:
        process_id = take_run_lock(first)
        with pytest.raises(LockHeldError) as caught:
            take_run_lock(second)
        message = caught.value.message
        assert f"somebody else of {server.user}" in message
        assert f"server process {process_id}" in message
        assert "since 20" in message
        first.connection.close()
        until = time.monotonic() + 5
        while time.monotonic() < until:
            try:
                take_run_lock(second)
                return
            except LockHeldError:
                time.sleep(0.05)
        pytest.fail("the lock of a session that ended is still held")


def test_runs_in_two_namespaces_do_not_wait_for_each_other(
    server: Server, database: str, project: Project
) -> None:
    other = replace(project, namespace="pr_1")
    with session(server, database, project) as first, session(server, database, other) as second:
        take_run_lock(first)
        take_run_lock(second)


@pytest.mark.parametrize("namespace", ["", "pr_1"])
def test_a_run_waits_for_the_statement_of_a_killed_one(
    namespace: str, server: Server, database: str, project: Project
) -> None:
    here = replace(project, namespace=namespace)
    told: list[str] = []
    with session(server, database, here) as old, session(server, database, here) as new:
        holding = threading.Event()

        def write() -> None:
            with old.connection.transaction():
                old.connection.execute(
                    "select pg_advisory_xact_lock(hashtext('trustgate models ' || %s),"
                    " hashtext('raw.orders'))",
                    [namespace],
                )
                holding.set()
                old.connection.execute("select pg_sleep(0.7)")

        thread = threading.Thread(target=write)
        thread.start()
        holding.wait()
        with pytest.raises(LockHeldError, match="is still writing") as caught:
            wait_for_models(new, told.append, wait_seconds=0.1)
        assert "pg_terminate_backend" in caught.value.remedy
        wait_for_models(new, told.append, wait_seconds=10)
        thread.join()
    assert len(told) == 2


def test_a_run_does_not_wait_for_another_namespace(
    server: Server, database: str, project: Project
) -> None:
    with session(server, database, project) as old, session(server, database, project) as new:
        old.connection.execute(
            "select pg_advisory_lock(hashtext('trustgate models pr_1'), hashtext('raw.orders'))"
        )
        wait_for_models(new, pytest.fail, wait_seconds=0)
