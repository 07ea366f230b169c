"""The embedded PostgreSQL: starts by itself, survives its starter, comes back after a kill."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from runner.errors import OperationalError
from runner.postgres import embedded
from runner.postgres.embedded import Embedded
from runner.postgres.service_account import find_account


@pytest.fixture
def home(short_directory: Path, request: pytest.FixtureRequest) -> Iterator[Embedded]:
    place = Embedded(short_directory / request.node.name[:30] / ".trustgate")
    yield place
    embedded.stop(place)


def ask(place: Embedded, statement: str) -> object:
    with psycopg.connect(place.url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def runner_in(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "runner", *arguments],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )


def test_it_starts_once_and_keeps_its_data(home: Embedded) -> None:
    assert not home.is_running()
    assert embedded.start(home)
    assert not embedded.start(home)
    assert ask(home, "show client_connection_check_interval") == "1s"
    assert ask(home, "show listen_addresses") == ""
    assert ask(home, "show timezone") == "UTC"
    ask(home, "create table kept as select 7 as number")
    assert embedded.stop(home)
    assert not embedded.stop(home)
    assert embedded.start(home)
    assert ask(home, "select number from kept") == 7


@pytest.mark.parametrize(("cores", "workers"), [(None, 1), (1, 1), (2, 1), (3, 2), (64, 2)])
def test_it_leaves_a_core_to_the_process_that_asks(
    home: Embedded, monkeypatch: pytest.MonkeyPatch, cores: int | None, workers: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    embedded.start(home)
    for name in ("max_parallel_workers_per_gather", "max_parallel_maintenance_workers"):
        assert ask(home, f"show {name}") == str(workers)


def test_it_comes_back_after_a_kill(home: Embedded) -> None:
    embedded.start(home)
    ask(home, "create table kept as select 7 as number")
    process_id = home.process_id()
    assert process_id is not None
    os.kill(process_id, signal.SIGKILL)
    until = time.monotonic() + 10
    while home.is_running() and time.monotonic() < until:
        time.sleep(0.05)
    assert embedded.start(home)
    assert ask(home, "select number from kept") == 7


def test_a_stale_process_id_of_a_stranger_does_not_keep_it_from_starting(home: Embedded) -> None:
    embedded.start(home)
    embedded.stop(home)
    pid_file = home.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{home.data}\n0\n5432\n{home.socket_directory}\n\n\n")
    os.chown(pid_file, home.data.stat().st_uid, home.data.stat().st_gid)
    assert embedded.start(home)


def test_it_waits_for_a_killed_server_that_is_still_ending(home: Embedded) -> None:
    embedded.start(home)
    process_file = home.data / "postmaster.pid"
    _, *described = process_file.read_text().splitlines()
    embedded.stop(home)
    account = find_account(home.data, home.home.parent)
    sleeper = shutil.copy(shutil.which("sleep") or "", home.home / "postgres")
    ending = subprocess.Popen(
        [sleeper, "1.5"],
        user=account.user_id if account else None,
        group=account.group_id if account else None,
    )
    threading.Thread(target=ending.wait).start()
    process_file.write_text("\n".join([str(ending.pid), *described, ""]))
    if account:
        os.chown(process_file, account.user_id, account.group_id)
    assert embedded.start(home)
    assert ending.poll() is not None


def test_two_commands_may_start_it_at_once(home: Embedded) -> None:
    started: list[bool] = []
    threads = [
        threading.Thread(target=lambda: started.append(embedded.start(home))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(started) == [False, False, True]


def test_a_long_path_gets_its_socket_elsewhere(short_directory: Path) -> None:
    place = Embedded(short_directory / ("long, and with 'odd' characters " * 4) / ".trustgate")
    directory = place.socket_directory
    assert len(str(directory / ".s.PGSQL.5432").encode()) <= embedded.SOCKET_PATH_BYTES
    assert directory == Embedded(place.home).socket_directory
    try:
        embedded.start(place)
        assert ask(place, "select 1") == 1
    finally:
        embedded.stop(place)
        directory.rmdir()


@pytest.mark.parametrize("depth", [1, 90])
@pytest.mark.parametrize("how", ["removed", "moved"])
def test_a_server_whose_data_is_gone_is_shown_and_ended(
    short_directory: Path, depth: int, how: str
) -> None:
    """With a short path the socket goes with the data, so that nothing answers."""
    root = short_directory / (how[0] * depth)
    root.mkdir()
    (root / "dbt_project.yml").write_text("name: shop")
    place = Embedded(root / ".trustgate")
    for command in ("stop", "start"):
        embedded.start(place)
        process_id = place.process_id()
        assert process_id is not None
        if how == "removed":
            shutil.rmtree(place.home)
        else:
            place.home.rename(root / f"aside_{command}")
        shown = runner_in(root, "db", "status", "--json")
        found = json.loads(shown.stdout)
        assert (found["running"], found["process_id"], found["has_data"]) == (
            True,
            process_id,
            False,
        )
        assert (
            f"running (process {process_id}), but its data was removed"
            in runner_in(root, "db", "status").stdout
        )
        assert runner_in(root, "db", command).returncode == 0
        assert not psutil.pid_exists(process_id)
    assert ask(place, "select 1") == 1
    assert runner_in(root, "db", "stop").stdout == "The embedded PostgreSQL is stopped.\n"
    assert runner_in(root, "db", "stop").stdout == "It was not running.\n"
    assert not json.loads(runner_in(root, "db", "status", "--json").stdout)["running"]


@pytest.mark.parametrize("name", ["postgres.log", "profiles.yml", "lock"])
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_in_place_of_a_file_of_ours_is_refused_and_its_target_untouched(
    short_directory: Path, name: str, exists: bool
) -> None:
    root = short_directory / f"link_{name}_{exists}"
    (root / ".trustgate").mkdir(parents=True)
    (root / "dbt_project.yml").write_text("name: shop")
    target = root / "target_of_the_link"
    if exists:
        target.write_text("precious")
        target.chmod(0o640)
    (root / ".trustgate" / name).symlink_to(target)
    found = runner_in(root, "db", "start")
    embedded.stop(Embedded(root / ".trustgate"))
    assert found.returncode == 3
    assert f"{name} is a symbolic link, which is not followed" in found.stderr
    assert target.exists() == exists
    if exists:
        assert target.read_text() == "precious"
        assert target.stat().st_mode & 0o777 == 0o640
        assert target.stat().st_uid == os.geteuid()


def test_a_link_in_place_of_the_directory_is_refused(short_directory: Path) -> None:
    root = short_directory / "link_home"
    (root / "elsewhere").mkdir(parents=True)
    (root / "dbt_project.yml").write_text("name: shop")
    (root / ".trustgate").symlink_to(root / "elsewhere")
    found = runner_in(root, "db", "start")
    assert found.returncode == 3
    assert ".trustgate is a symbolic link" in found.stderr
    assert list((root / "elsewhere").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")
@pytest.mark.parametrize("name", ["postgres.log", "profiles.yml", "lock"])
def test_a_file_of_another_user_or_with_another_name_is_refused(
    short_directory: Path, name: str
) -> None:
    root = short_directory / f"foreign_{name}"
    (root / ".trustgate").mkdir(parents=True)
    (root / "dbt_project.yml").write_text("name: shop")
    file = root / ".trustgate" / name
    file.write_text("other")
    os.chown(file, 4321, 4321)
    found = runner_in(root, "db", "start")
    assert (found.returncode, "belongs to another user" in found.stderr) == (3, True)
    file.unlink()
    precious = root / "precious"
    precious.write_text("precious")
    os.link(precious, file)
    found = runner_in(root, "db", "start")
    embedded.stop(Embedded(root / ".trustgate"))
    assert (found.returncode, "is no ordinary file of its own" in found.stderr) == (3, True)
    assert precious.read_text() == "precious"


def test_log_and_profile_are_for_their_owner_alone(short_directory: Path) -> None:
    root = short_directory / "private"
    root.mkdir()
    (root / "dbt_project.yml").write_text("name: shop")
    before = os.umask(0)
    try:
        assert runner_in(root, "db", "start").returncode == 0
    finally:
        os.umask(before)
        embedded.stop(Embedded(root / ".trustgate"))
    for name in ("postgres.log", "profiles.yml", "lock"):
        assert (root / ".trustgate" / name).stat().st_mode & 0o777 == 0o600


def test_the_export_it_prints_works_whatever_the_path(short_directory: Path) -> None:
    root = short_directory / "it's here"
    root.mkdir()
    (root / "dbt_project.yml").write_text("name: shop")
    started = runner_in(root, "db", "start")
    try:
        (export,) = [line for line in started.stdout.splitlines() if "export" in line]
        script = f'{export.strip()}; printf %s "$DBT_PROFILES_DIR"'
        found = subprocess.run(["sh", "-c", script], check=True, capture_output=True, text=True)
        assert found.stdout == str(root / ".trustgate")
    finally:
        embedded.stop(Embedded(root / ".trustgate"))


def test_a_socket_directory_of_somebody_else_is_refused(
    short_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "SHORT_DIRECTORY", tmp_path)
    place = Embedded(short_directory / ("x" * 90) / ".trustgate")
    place.socket_directory.symlink_to(short_directory)
    with pytest.raises(OperationalError, match="is a symbolic link, which is not followed"):
        embedded.start(place)
