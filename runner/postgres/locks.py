"""One run at a time in a namespace, and not before the last statement of a killed run ends."""

import time
from collections.abc import Callable

from runner.errors import LockHeldError
from runner.postgres.database import Database

WAIT_SECONDS = 60
POLL_SECONDS = 0.2


def take_run_lock(database: Database) -> int:
    """Take the run lock of the namespace for the rest of the session.

    Returns: Process id of the backend; the run counts as alive while that session exists.
    Raises: LockHeldError with the holder of the lock, and since when it holds it.
    """
    namespace = database.project.namespace
    taken = database.row(
        "select pg_try_advisory_lock(hashtext('trustgate run'), hashtext(%s)) as taken,"
        " pg_backend_pid() as process_id",
        [namespace],
    )
    assert taken is not None
    if taken["taken"]:
        return int(taken["process_id"])
    raise LockHeldError(
        f"Another run is in progress: {_holder(database)}.",
        "Wait for it to end; `runner history` shows it. If it is not needed, end it with Ctrl-C "
        "where it runs.",
    )


def _holder(database: Database) -> str:
    held = database.row(
        "select activity.application_name, activity.usename,"
        " activity.backend_start, activity.client_addr::text as address, locks.pid"
        " from pg_locks as locks left join pg_stat_activity as activity on locks.pid = activity.pid"
        " where locks.locktype = 'advisory' and locks.granted and locks.objsubid = 2"
        " and locks.database = (select oid from pg_database where datname = current_database())"
        " and locks.classid::bigint = hashtext('trustgate run')::bigint & 4294967295"
        " and locks.objid::bigint = hashtext(%s)::bigint & 4294967295",
        [database.project.namespace],
    )
    if held is None:
        return "it ended just now"
    name = held["application_name"] or "unknown program"
    start = held["backend_start"]
    since = f", since {start:%Y-%m-%d %H:%M:%S %Z}" if start else ""
    where = f" from {held['address']}" if held["address"] else ""
    return f"{name} of {held['usename']}{where}{since} (server process {held['pid']})"


def wait_for_models(
    database: Database, notify: Callable[[str], None], wait_seconds: float = WAIT_SECONDS
) -> None:
    """Wait until no statement of an earlier run is still writing a model of the namespace.

    After a client was killed, the server may go on with its statement for a while.

    Args:
        notify: Called once with a sentence if there is a statement to wait for.
        wait_seconds: Longest time to wait.
    Raises: LockHeldError if the statements do not end in time.
    """
    until = time.monotonic() + wait_seconds
    has_told = False
    while writers := _model_writers(database):
        names = ", ".join(str(process_id) for process_id in writers)
        if time.monotonic() >= until:
            raise LockHeldError(
                f"A statement of another run is still writing (server process {names}) after "
                f"{wait_seconds:.0f} seconds.",
                "Wait for it, or end it: runner db psql -c "
                f"'select pg_terminate_backend({writers[0]})'",
            )
        if not has_told:
            notify(f"Waiting for a statement of an earlier run to end (server process {names}) …")
            has_told = True
        time.sleep(POLL_SECONDS)


def _model_writers(database: Database) -> list[int]:
    found = database.rows(
        "select distinct locks.pid from pg_locks as locks"
        " where locks.locktype = 'advisory' and locks.granted and locks.objsubid = 2"
        " and locks.pid <> pg_backend_pid()"
        " and locks.database = (select oid from pg_database where datname = current_database())"
        " and locks.classid::bigint = hashtext(%s)::bigint & 4294967295"
        " order by locks.pid",
        [f"trustgate models {database.project.namespace}"],
    )
    return [int(row["pid"]) for row in found]
