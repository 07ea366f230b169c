"""Clean up after failed loads; their batches stay as FAILED."""

from __future__ import annotations

import contextlib

import psycopg
from psycopg import sql

from runner.loading.slices import drop_slices_of
from runner.postgres.database import Database, explained

WORKERS_END_SECONDS = 60
"""Time for the workers of a killed load to notice its end."""


def fail(database: Database, load_id: str, why: str) -> None:
    """Remove everything a load has written, and mark its batches as FAILED.

    Args:
        why: One sentence.
    """
    with explained(), database.connection.transaction():
        failed = database.rows(
            "update {quality.batches} set status = 'FAILED', failure = %s"
            " where load_id = %s and status = 'LOADING' returning batch_id",
            [why, load_id],
        )
        if failed:
            drop_slices_of(database, load_id)
            database.execute(
                "delete from {quality.rejects} where batch_id = any(%s)",
                [[row["batch_id"] for row in failed]],
            )


def recover(database: Database) -> list[str]:
    """Clean up after loads whose process was killed or lost its connection.

    Returns: Files of these loads.
    """
    left: list[str] = []
    for row in database.rows(
        "select load_id, array_agg(source_file order by source_file) as files"
        " from {quality.batches} where status = 'LOADING' and load_id is not null group by load_id"
    ):
        with explained(), contextlib.suppress(psycopg.errors.LockNotAvailable):
            if _recover(database, row["load_id"]):
                left += row["files"]
    return left


def _recover(database: Database, load_id: str) -> bool:
    """Clean up after a load if its process is gone.

    Raises: LockNotAvailable if its workers do not end; the next load tries again.
    """
    with database.connection.transaction():
        free = database.row(
            "select pg_try_advisory_xact_lock(hashtext('trustgate load'), hashtext(%s)) as is_free",
            [load_id],
        )
        if free is None or not free["is_free"]:
            return False
        # Its workers roll back as soon as they notice.
        connection = database.connection
        connection.execute(
            sql.SQL("set local lock_timeout = {}").format(sql.Literal(f"{WORKERS_END_SECONDS}s"))
        )
        connection.execute(
            "select pg_advisory_xact_lock(hashtext('trustgate load workers'), hashtext(%s))",
            [load_id],
        )
        connection.execute("set local lock_timeout = 0")
        fail(database, load_id, "the process that loaded it was killed or lost its connection")
        return True
