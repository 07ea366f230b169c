"""Whatever is killed, and when: nothing half-loaded is seen, and the same command completes.

TRUSTGATE_KILL_TRIALS says how many random moments each is killed at.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from runner.postgres import embedded
from runner.postgres.database import connected
from runner.postgres.embedded import Embedded
from runner.postgres.profiles import Profile
from runner.project import Project

from ..pipeline import REPOSITORY
from .loader import Loader, drop_schemas, make_schemas, next_namespace

TRIALS = int(os.environ.get("TRUSTGATE_KILL_TRIALS", "2"))
ROWS = 200_000
WORKERS = 2
STATE = (
    "select (select count(*) from landing.things) as things,"
    " (select count(distinct _row_number) from landing.things) as numbers,"
    " (select sum(_row_number) from landing.things) as sum_of_numbers,"
    " (select count(*) from landing.parts) as parts,"
    " (select count(*) from quality.batches where status = 'LOADED') as batches,"
    " (select sum(records_written) from quality.batch_workers) as written"
)
UNDISTURBED = [(ROWS, ROWS, ROWS * (ROWS + 1) // 2, 3, 2, ROWS + 3)]
NOTHING = [(0, 0, None, 0, 0, None)]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Of a server that may be killed: nobody else's."""
    with tempfile.TemporaryDirectory(prefix="tg") as directory:
        yield Path(directory)


@pytest.fixture(scope="module")
def own_server(home: Path) -> Iterator[Embedded]:
    server = Embedded(home / ".trustgate")
    embedded.start(server)
    yield server
    embedded.stop(server)


@pytest.fixture(scope="module")
def files(home: Path) -> Path:
    folder = home / "files"
    folder.mkdir()
    lines = (f"T{number},{number}.50,note number {number}\n" for number in range(1, ROWS + 1))
    (folder / "things.csv").write_text("thing_id,amount,note\n" + "".join(lines))
    (folder / "parts.csv").write_text("part_id\nP1\nP2\nP3\n")
    return folder


@pytest.fixture
def killed(own_server: Embedded, home: Path, files: Path) -> Iterator[Loader]:
    project = Project(home, "trustgate", "trustgate", namespace=next_namespace())
    host = str(own_server.socket_directory)
    profile = Profile(home, "test", host, embedded.PORT, embedded.USER, embedded.DATABASE)
    with connected(profile, project) as database:
        make_schemas(database)
    with connected(profile, project) as database:
        yield Loader(profile, project, database, files)
    embedded.start(own_server)
    with connected(profile, project) as database:
        drop_schemas(database)


def start(loader: Loader) -> subprocess.Popen[str]:
    profile = loader.profile
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "pytests.loading.load_process", profile.host),
            *(str(profile.port), profile.user, "", profile.database),
            *(loader.project.namespace, str(loader.folder), str(WORKERS)),
        ],
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_workers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The workers of a load, once they are all there."""
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with suppress(psutil.Error):
            workers = [
                worker
                for child in psutil.Process(process.pid).children()
                for worker in child.children()
            ]
            if len(workers) == WORKERS:
                return workers
        time.sleep(0.005)
    raise AssertionError(f"no workers came up: {process.returncode} {process.communicate()[1]}")


def kill_worker(
    loader: Loader, process: subprocess.Popen[str], workers: list[psutil.Process]
) -> None:
    with suppress(psutil.Error):
        random.choice(workers).kill()


def kill_parent(
    loader: Loader, process: subprocess.Popen[str], workers: list[psutil.Process]
) -> None:
    process.kill()


def kill_server(
    loader: Loader, process: subprocess.Popen[str], workers: list[psutil.Process]
) -> None:
    """As when the machine's power fails, for the server alone."""
    server = Embedded(Path(loader.profile.host).parent)
    process_id = server.process_id()
    assert process_id is not None
    family = [psutil.Process(process_id), *psutil.Process(process_id).children(recursive=True)]
    for member in family:
        with suppress(psutil.Error):
            member.send_signal(signal.SIGKILL)
    psutil.wait_procs(family, timeout=10)
    embedded.start(server)


def looked_at(loader: Loader) -> list[tuple[object, ...]]:
    """What anybody sees now, on a connection of its own."""
    with connected(loader.profile, loader.project) as database:
        return Loader(loader.profile, loader.project, database, loader.folder).rows(STATE)


@pytest.mark.parametrize("trial", range(TRIALS))
@pytest.mark.parametrize("kill", [kill_worker, kill_parent, kill_server])
def test_a_load_that_is_killed_shows_nothing_and_the_same_command_completes(
    kill: Callable[[Loader, subprocess.Popen[str], list[psutil.Process]], None],
    trial: int,
    killed: Loader,
    seed: int,
) -> None:
    moment = random.Random(f"{seed}/{kill.__name__}/{trial}").uniform(0, 1.2)
    process = start(killed)
    workers = wait_for_workers(process)
    time.sleep(moment)
    kill(killed, process, workers)
    _, words = process.communicate(timeout=90)
    seen = looked_at(killed)
    assert seen in (NOTHING, UNDISTURBED)
    if process.returncode == 3:
        assert words
        assert seen == NOTHING
    again = start(killed)
    _, words = again.communicate(timeout=90)
    assert (again.returncode, words) == (0, "")
    assert looked_at(killed) == UNDISTURBED
    with connected(killed.profile, killed.project) as database:
        after = Loader(killed.profile, killed.project, database, killed.folder)
        loads = after.rows("select distinct load_id from quality.batches where status = 'LOADED'")
        assert all(any(f"_{load}_" in name for (load,) in loads) for name in after.slices())
        assert after.rows("select 1 from quality.batches where status = 'LOADING'") == []


def test_a_worker_that_dies_is_named_with_what_killed_it(killed: Loader) -> None:
    process = start(killed)
    worker = wait_for_workers(process)[1]
    worker.send_signal(signal.SIGSTOP)
    worker.send_signal(signal.SIGKILL)
    _, words = process.communicate(timeout=60)
    assert process.returncode == 3
    assert f"Loading worker 1 (process {worker.pid}) was killed by signal 9" in words


def test_a_lost_connection_is_said_and_nothing_is_loaded(killed: Loader) -> None:
    process = start(killed)
    wait_for_workers(process)
    until = time.monotonic() + 30
    with psycopg.connect(
        host=killed.profile.host, user=embedded.USER, dbname=embedded.DATABASE, autocommit=True
    ) as connection:
        while time.monotonic() < until:
            ended = connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name like '%loading worker 0'"
            ).fetchall()
            if ended:
                break
    _, words = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "connection" in words
    assert looked_at(killed) == NOTHING


def test_a_worker_that_stays_stopped_is_named_and_nothing_is_loaded(killed: Loader) -> None:
    process = start(killed)
    worker = wait_for_workers(process)[0]
    worker.send_signal(signal.SIGSTOP)
    _, words = process.communicate(timeout=30)
    assert process.returncode == 3
    assert f"Loading worker 0 (process {worker.pid}) is stopped" in words
    assert not worker.is_running()
    assert looked_at(killed) == NOTHING
    assert start(killed).wait(timeout=90) == 0
    assert looked_at(killed) == UNDISTURBED


def test_a_worker_that_goes_on_after_a_stop_completes_the_load(killed: Loader) -> None:
    process = start(killed)
    worker = wait_for_workers(process)[0]
    worker.send_signal(signal.SIGSTOP)
    time.sleep(3)
    worker.send_signal(signal.SIGCONT)
    _, words = process.communicate(timeout=60)
    assert (process.returncode, words) == (0, "")
    assert looked_at(killed) == UNDISTURBED
