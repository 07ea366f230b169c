"""Watch the database while dbt builds: the lock of the run, and sessions that hold it up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from runner.errors import OperationalError, RunnerError
from runner.interrupts import stop
from runner.postgres.database import Database

POLL_SECONDS = 1.0
LIMIT_SECONDS = 60
"""Longest wait of a statement of dbt for a lock on a relation; layers and views have a shorter
limit of their own (`lock_wait_seconds`)."""
LOST = "The session that held the lock of this run has ended, so another run may have started"
SCHEMAS = ("landing", "raw", "staging", "candidate", "quality", "marts")

_HOLDERS = """
    select
        waiting.pid as waiting_pid,
        schemas.nspname || '.' || relations.relname as relation,
        holder.pid,
        coalesce(nullif(activity.application_name, ''), 'unknown program') as program,
        activity.usename as user_name,
        to_char(activity.xact_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"') as since,
        waiting.waitstart < clock_timestamp() - make_interval(secs => %(limit)s) as is_too_long
    from pg_locks as waiting
    inner join pg_stat_activity as own on waiting.pid = own.pid
    inner join pg_class as relations on waiting.relation = relations.oid
    inner join pg_namespace as schemas on relations.relnamespace = schemas.oid
    cross join lateral unnest(pg_blocking_pids(waiting.pid)) as holder (pid)
    left join pg_stat_activity as activity on holder.pid = activity.pid
    where
        not waiting.granted
        and waiting.locktype = 'relation'
        and waiting.database = (select oid from pg_database where datname = current_database())
        and schemas.nspname = any(%(schemas)s)
        and own.usename = session_user
        and own.backend_start >= %(started)s
        and own.application_name is distinct from activity.application_name
    order by waiting.waitstart
"""


@dataclass
class Watch:
    """Ends the run when its lock is lost, and names the sessions that its statements wait for.

    Uses the session that holds the lock, which nothing else may use in the meantime.

    Attributes:
        process_id: Backend that took the lock.
        notify: Called once with a sentence for each session that is waited for.
    """

    database: Database
    process_id: int
    notify: Callable[[str], None]
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _started: Any = None
    _named: set[tuple[int, str]] = field(default_factory=set)
    _last: str = ""

    def __enter__(self) -> Watch:
        found = self.database.row("select clock_timestamp() as now")
        assert found is not None
        self._started = found["now"]
        self._thread = threading.Thread(target=self._work, name="watch", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def explain(self, message: str) -> RunnerError | None:
        """The error of a node whose statement waited too long, None if it has another reason."""
        if not self._last or not any(
            part in message for part in ("due to lock timeout", "due to user request")
        ):
            return None
        return OperationalError(
            f"A statement waited too long for {self._last}.",
            "End that transaction and run again; nothing was left half done.",
        )

    def _work(self) -> None:
        while not self._done.wait(POLL_SECONDS):
            try:
                self._look()
            except RunnerError:
                stop(lost_lock())
                return

    def _look(self) -> None:
        found = self.database.row("select pg_backend_pid() as process_id")
        if found is None or found["process_id"] != self.process_id:
            stop(lost_lock())
            return
        schemas = [self.database.project.schema(name) for name in SCHEMAS]
        for holder in self.database.rows(
            _HOLDERS, {"limit": LIMIT_SECONDS, "schemas": schemas, "started": self._started}
        ):
            who = f"{holder['program']} of {holder['user_name'] or 'another user'}"
            since = f", in a transaction since {holder['since']}" if holder["since"] else ""
            self._last = f"process {holder['pid']} ({who}{since}), which uses {holder['relation']}"
            if (holder["pid"], holder["relation"]) not in self._named:
                self._named.add((holder["pid"], holder["relation"]))
                self.notify(f"Waiting for {self._last} …")
            if holder["is_too_long"]:
                self.database.execute("select pg_cancel_backend(%s)", [holder["waiting_pid"]])


def lost_lock() -> OperationalError:
    """The error of a run whose lock is lost."""
    return OperationalError(
        f"{LOST}; it stopped before publishing.",
        "Run again. If it happens again, look into the log of the server, or of the pooler or "
        "firewall on the way, for what ends idle sessions.",
    )
