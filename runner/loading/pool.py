"""The pool of worker processes of a load."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType

from runner.errors import ConfigurationError, OperationalError
from runner.loading.messages import (
    Commit,
    Committed,
    Failed,
    FileTask,
    Finish,
    Finished,
    FromWorker,
    Orders,
    ReadSegment,
    SegmentDone,
    ToWorker,
)
from runner.loading.reading import Segment
from runner.loading.worker import work
from runner.postgres.profiles import Profile
from runner.project import Project

WAITING_SEGMENTS = 2
"""Number of segments queued for a worker, so that it never waits; more only take memory."""
END_SECONDS = 10
LOOK_SECONDS = 1.0
"""Time between two looks at workers that send nothing."""
STOPPED_SECONDS = 5.0
"""A worker that is stopped for so long (SIGSTOP, a full terminal) is given up."""
_START_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_WORKERS_NEED = ["runner.cli", "runner.loading.worker", "tenacity"]
"""Modules imported once for all workers; the first is what their main module imports."""


def prepare_workers() -> None:
    """Start a process that imports the modules of the workers, so that they start at once.

    Call it as soon as a load is certain, before dbt is imported. Returns at once.
    """
    if _START_METHOD == "forkserver":
        multiprocessing.set_forkserver_preload(_WORKERS_NEED)
        forkserver.ensure_running()


@dataclass
class _Member:
    worker_id: int
    process: BaseProcess
    pipe: Connection
    files: set[int] = field(default_factory=set)
    waiting: int = 0
    stopped_at: float | None = None


class Pool:
    """Worker processes of one load.

    They are not forks of this process, because a connection does not survive a fork, but of a
    process without one that has imported their modules, see `prepare_workers`. Each has its own
    pipe: a shared queue would stay locked after a worker is killed.

    Attributes:
        on_done: Called with the worker id for each completed segment.
    """

    on_done: Callable[[int, SegmentDone], None]

    def __init__(
        self,
        count: int,
        load_id: str,
        profile: Profile,
        project: Project,
    ) -> None:
        self._members: list[_Member] = []
        prepare_workers()
        context = multiprocessing.get_context(_START_METHOD)
        for worker_id in range(count):
            here, there = context.Pipe()
            orders = Orders(worker_id, load_id, profile, project)
            process: BaseProcess = context.Process(  # type: ignore[attr-defined]
                target=work, args=(there, orders), name=f"loading-worker-{worker_id}", daemon=True
            )
            process.start()
            # Close this end here, so that the end of the worker closes the pipe.
            there.close()
            self._members.append(_Member(worker_id, process, here))

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Workers have ended behind this."""
        self._end(END_SECONDS if error is None else 1)

    def abandon(self) -> None:
        """Without a commit before, workers roll back and end."""
        self._end(1)

    def _end(self, seconds: float) -> None:
        for member in self._members:
            member.pipe.close()
        until = time.monotonic() + seconds
        for member in self._members:
            member.process.join(max(0.0, until - time.monotonic()))
            if member.process.is_alive():
                # SIGTERM does not end a stopped process, and PostgreSQL rolls back either way.
                member.process.kill()
                member.process.join(END_SECONDS)

    def read(self, task_of: Callable[[int], FileTask], file_number: int, segment: Segment) -> None:
        """Give a segment to a worker; waits while all queues are full.

        Args:
            task_of: Creates the task of the file for a worker, with its first segment.
        Raises: OperationalError if a worker fails or dies.
        """
        while (member := self._least_busy()).waiting >= WAITING_SEGMENTS:
            self._listen()
        if file_number not in member.files:
            member.files.add(file_number)
            self._tell(member, task_of(member.worker_id))
        self._tell(member, ReadSegment(file_number, segment))
        member.waiting += 1

    def finish(self) -> dict[int, dict[str, Decimal]]:
        """Wait until everything is read, and let the workers complete their slices.

        Returns: Sums of the requested columns, by file number.
        """
        while any(member.waiting for member in self._members):
            self._listen()
        sums: dict[int, dict[str, Decimal]] = {}
        for answer in self._ask(Finish()):
            if isinstance(answer, Finished):
                for number, amounts in answer.amounts.items():
                    of_file = sums.setdefault(number, {})
                    for column, amount in amounts.items():
                        if amount is not None:
                            of_file[column] = of_file.get(column, Decimal(0)) + amount
        return sums

    def commit(self) -> None:
        """Let all workers commit; their slices are not part of landing yet."""
        for answer in self._ask(Commit()):
            assert isinstance(answer, Committed)

    def _ask(self, question: ToWorker) -> Iterator[FromWorker]:
        for member in self._members:
            self._tell(member, question)
        for member in self._members:
            yield self._receive(member)

    def _least_busy(self) -> _Member:
        return min(self._members, key=lambda member: (member.waiting, member.worker_id))

    def _listen(self) -> None:
        """Receive messages of workers, at least one."""
        while not (ready := wait([member.pipe for member in self._members], LOOK_SECONDS)):
            for member in self._members:
                self._refuse_stopped(member)
        for member in self._members:
            if member.pipe in ready:
                message = self._receive(member)
                assert isinstance(message, SegmentDone)
                member.waiting -= 1
                self.on_done(member.worker_id, message)

    def _tell(self, member: _Member, message: ToWorker) -> None:
        try:
            member.pipe.send(message)
        except OSError:
            # Its last messages are still in the pipe.
            self._receive(member)
            raise self._dead(member) from None

    def _receive(self, member: _Member) -> FromWorker:
        try:
            while not member.pipe.poll(LOOK_SECONDS):
                self._refuse_stopped(member)
            message: FromWorker = member.pipe.recv()
        except (EOFError, OSError):
            raise self._dead(member) from None
        if isinstance(message, Failed):
            kind = ConfigurationError if message.is_configuration else OperationalError
            raise kind(message.message, message.remedy)
        return message

    def _refuse_stopped(self, member: _Member) -> None:
        """Give up a worker that the system has stopped, which would hold the load up for ever.

        Raises: OperationalError if it has been stopped for STOPPED_SECONDS.
        """
        import psutil

        try:
            is_stopped = psutil.Process(member.process.pid).status() == psutil.STATUS_STOPPED
        except psutil.Error:
            is_stopped = False
        now = time.monotonic()
        member.stopped_at = (member.stopped_at or now) if is_stopped else None
        if member.stopped_at is not None and now - member.stopped_at >= STOPPED_SECONDS:
            raise OperationalError(
                f"Loading worker {member.worker_id} (process {member.process.pid}) is stopped; "
                "nothing was loaded.",
                "Load again, and find out what stops processes: SIGSTOP, a job control shell, a "
                "debugger.",
            )

    def _dead(self, member: _Member) -> OperationalError:
        member.process.join(END_SECONDS)
        code = member.process.exitcode
        how = f"was killed by signal {-code}" if code and code < 0 else f"ended with {code}"
        return OperationalError(
            f"Loading worker {member.worker_id} (process {member.process.pid}) {how}; nothing was "
            "loaded.",
            "Load again. If the system was out of memory (see dmesg), use fewer --workers.",
        )
