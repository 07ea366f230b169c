"""A real PostgreSQL for the runner's tests: TRUSTGATE_TEST_SERVER, else an embedded one."""

import itertools
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from psycopg import sql

from runner.postgres import embedded
from runner.postgres.embedded import Embedded
from runner.postgres.service_account import find_account, let_through
from runner.project import Project

from .workplace import Server, Workplace

REPOSITORY = Path(__file__).parents[2]
PIPELINE = Path(__file__).parent / "pipeline"
SETTINGS_OF_THE_SHELL = (
    *("TRUSTGATE_NAMESPACE", "TRUSTGATE_DATASET", "DATA_DIR"),
    *("DBT_PROFILES_DIR", "DBT_TARGET", "DBT_TARGET_PATH"),
)


@pytest.fixture(autouse=True)
def _unset_settings_of_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS_OF_THE_SHELL:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def short_directory() -> Iterator[Path]:
    """A directory with a path short enough for a socket."""
    directory = Path(tempfile.mkdtemp(prefix="trustgate-test-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def server(short_directory: Path) -> Iterator[Server]:
    url = os.environ.get("TRUSTGATE_TEST_SERVER")
    if url:
        parts = urlsplit(url)
        yield Server(
            parts.hostname or "localhost",
            parts.port or 5432,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )
        return
    server = Embedded(short_directory / "server" / ".trustgate")
    embedded.start(server)
    yield Server(str(server.socket_directory), embedded.PORT, embedded.USER, "")
    embedded.stop(server)


@pytest.fixture(scope="session")
def password_server(short_directory: Path) -> Iterator[Server]:
    """A server over TCP that asks for a password."""
    home = short_directory / "password"
    home.mkdir()
    password_file = home / "password"
    password_file.write_text("right\n")
    data = home / "data"
    data.mkdir(mode=0o700)
    account = find_account(data, home)
    let_through(account, embedded.binary("postgres"), home)
    if account is not None:
        for path in (home, data, password_file):
            os.chown(path, account.user_id, account.group_id)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server("127.0.0.1", port, "ada", "right")
    embedded._run(
        [
            *("initdb", "-D", str(data), "-U", server.user, "-A", "scram-sha-256"),
            *("--pwfile", str(password_file), "--encoding=UTF8", "--locale=C"),
        ],
        account,
        "initdb",
    )
    options = f"-p {port} -h 127.0.0.1 -k ''"
    log = home / "log"
    embedded._run(
        ["pg_ctl", "-D", str(data), "-w", "-l", str(log), "-o", options, "start"], account, "start"
    )
    yield server
    embedded._run(["pg_ctl", "-D", str(data), "-w", "-m", "fast", "stop"], account, "stop")


_numbers = itertools.count(1)


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """Name of an empty database."""
    name = f"trustgate_test_{os.getpid()}_{next(_numbers)}"
    maintenance = "postgres"
    with server.connect(maintenance) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    yield name
    with server.connect(maintenance) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def make_workplace(tmp_path: Path, server: Server, database: str) -> Callable[[Path], Workplace]:
    """Makes a workplace with a copy of a dbt project."""

    def make(source: Path) -> Workplace:
        root = tmp_path / "project"
        shutil.copytree(source, root)
        (root / "profiles.yml").write_text(server.profile(database))
        environment = {
            **{name: value for name, value in os.environ.items() if name != "COLUMNS"},
            "PYTHONPATH": str(REPOSITORY),
            "HOME": str(tmp_path),
        }
        return Workplace(root, server, database, environment)

    return make


@pytest.fixture
def pipeline(make_workplace: Callable[[Path], Workplace]) -> Workplace:
    """The smallest pipeline the runner can run: one entity, a gate, one mart."""
    return make_workplace(PIPELINE)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, "trustgate", "trustgate", {"good": ()})
