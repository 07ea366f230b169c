"""A loading worker: a process that reads segments and COPYs them in one transaction."""

from __future__ import annotations

import contextlib
import json
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from multiprocessing.connection import Connection

import psycopg
from psycopg import sql

from runner.errors import ConfigurationError, RunnerError
from runner.loading import batches, slices
from runner.loading.entities import EXTRA
from runner.loading.messages import (
    Commit,
    Committed,
    Counts,
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
from runner.loading.reading import Record, Reject, Segment
from runner.postgres.database import APPLICATION_NAME, Database, connected, explained

ROW_DATA_ERRORS = "22"
"""Class of SQLSTATEs for invalid data in COPY."""
ROW_TOO_LARGE = "54000"
KEPT_REJECTS = 1000
"""Number of refused rows kept in memory before they are written."""


class _DisagreementError(Exception):
    """COPY read another number of rows than the scan counted."""


def work(pipe: Connection, orders: Orders) -> None:
    """Process messages of the parent until Commit; roll back if the parent is gone.

    Args:
        pipe: Connection to the parent; it closes when the parent ends.
    """
    # They reach all processes of the group; only the parent handles them, and workers follow it.
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        name = f"{APPLICATION_NAME}, loading worker {orders.worker_id}"
        with connected(orders.profile, orders.project, name) as database, explained():
            batches.share_lock(database, orders.load_id)
            with database.connection.transaction():
                Worker(database, pipe).run()
            _send(pipe, Committed())
    except (EOFError, OSError):
        pass  # the parent is gone
    except RunnerError as error:
        is_configuration = isinstance(error, ConfigurationError)
        _send(pipe, Failed(error.message, error.remedy, is_configuration))
    except Exception as error:
        message = " ".join(str(error).split())
        _send(
            pipe, Failed(f"A loading worker failed: {type(error).__name__}: {message}", "", False)
        )


def _send(pipe: Connection, message: FromWorker) -> None:
    with contextlib.suppress(OSError):
        pipe.send(message)


class Worker:
    """Reads segments into slices, in the transaction of its connection."""

    def __init__(self, database: Database, pipe: Connection) -> None:
        self.database = database
        self.connection = database.connection
        self.pipe = pipe
        self.tasks: dict[int, FileTask] = {}

    def run(self) -> None:
        """Raises: EOFError when the parent is gone; the transaction is then rolled back."""
        while True:
            message: ToWorker = self.pipe.recv()
            if isinstance(message, FileTask):
                self.tasks[message.slice.file_number] = message
                slices.create(self.database, message.slice)
            elif isinstance(message, ReadSegment):
                self.pipe.send(self._read(message))
            elif isinstance(message, Finish):
                self.pipe.send(self._finish())
            elif isinstance(message, Commit):
                return

    def _read(self, message: ReadSegment) -> SegmentDone:
        started_at = datetime.now(timezone.utc)
        task = self.tasks[message.file_number]
        counts = self.copy(task, message.segment) if message.segment.is_clean else None
        if counts is None:
            counts = self._copy_carefully(task, message.segment)
        return SegmentDone(
            *(message.file_number, message.segment.number, message.segment.length),
            *(counts, started_at, datetime.now(timezone.utc)),
        )

    def copy(self, task: FileTask, segment: Segment) -> Counts | None:
        """Send the bytes of the segment to COPY; None if COPY could not read them."""
        reader = task.reader
        options = reader.copy_options
        statement = slices.copy_statement(
            self.database,
            task.slice,
            (*reader.columns, EXTRA) if reader.copies_extra else reader.columns,
            sql.SQL("(format csv, encoding 'utf8', delimiter {}, quote {})").format(
                sql.Literal(options.delimiter), sql.Literal(options.quote)
            ),
        )
        slices.next_row_number(self.database, task.slice, segment.first_row_number)
        try:
            with self.connection.transaction(), self.connection.cursor() as cursor:
                with cursor.copy(statement) as copy:
                    for chunk in reader.chunks(segment):
                        copy.write(chunk)
                count = cursor.rowcount
                if segment.row_count is not None and count != segment.row_count:
                    raise _DisagreementError
        except _DisagreementError:
            return None
        except psycopg.Error as error:
            state = error.sqlstate or ""
            if state.startswith(ROW_DATA_ERRORS) or state == ROW_TOO_LARGE:
                return None
            raise
        extra_columns = frozenset(reader.extra_columns if reader.copies_extra and count else ())
        return Counts(read=count, written=count, copies=1, extra_columns=extra_columns)

    def _copy_carefully(self, task: FileTask, segment: Segment) -> Counts:
        """Read the segment row by row, and write unreadable rows to rejects."""
        done = Counts()
        rows = task.reader.rows(segment)
        while True:
            rejects: list[Reject] = []
            part = self._copy_rows(task, rows, rejects)
            batches.write_rejects(self.database, task.slice.batch_id, rejects)
            done += part
            if len(rejects) < KEPT_REJECTS:
                return done

    def _copy_rows(self, task: FileTask, rows: Iterator[object], rejects: list[Reject]) -> Counts:
        """COPY rows until they end, or the limit of refused rows in memory is reached."""
        columns = ("_row_number", *task.slice.columns)
        has_extra = task.slice.has_extra
        statement = slices.copy_statement(
            self.database, task.slice, (*columns, EXTRA) if has_extra else columns, sql.SQL("")
        )
        read = written = blank = 0
        extra_columns: set[str] = set()
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                read += 1
                if isinstance(row, Record):
                    values: tuple[object, ...] = (row.row_number, *row.values)
                    if has_extra:
                        extra = row.extra or None
                        if extra:
                            extra_columns.update(extra)
                        values += (json.dumps(extra, ensure_ascii=False) if extra else None,)
                    copy.write_row(values)
                    written += 1
                elif isinstance(row, Reject):
                    rejects.append(row)
                    if len(rejects) >= KEPT_REJECTS:
                        break
                else:
                    blank += 1
        reasons = Counter(reject.reason.value for reject in rejects)
        return Counts(
            read, written, len(rejects), blank, int(written > 0), reasons, frozenset(extra_columns)
        )

    def _finish(self) -> Finished:
        amounts = {
            number: {
                column: slices.amount_total(self.database, task.slice, column, task.amount_reader)
                for column in task.amounts
                if column in task.slice.columns
            }
            for number, task in self.tasks.items()
        }
        for task in self.tasks.values():
            slices.complete(self.database, task.slice, task.all_columns)
        return Finished(amounts)
