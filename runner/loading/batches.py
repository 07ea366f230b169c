"""Batches of a load: LOADING first, then LOADED or HELD, or FAILED and never visible."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import psycopg
from psycopg.rows import DictRow

from runner.loading.control import Control, Difference, Received
from runner.loading.messages import Counts
from runner.loading.reading import Reject
from runner.loading.reading.escaping import escaped
from runner.loading.slices import Slice, attach, drop_slices_of
from runner.postgres.database import Database, explained

ARRIVED = ("LOADED", "HELD", "RELEASED", "REJECTED")
"""Statuses of batches whose records are in raw or will be."""


@dataclass(frozen=True)
class NewBatch:
    """A file about to be loaded.

    Attributes:
        number: Its number in the load, from 0.
        source_file: Its path, relative to the loaded directory.
    """

    batch_id: str
    number: int
    dataset: str
    entity: str
    source_file: str
    size_bytes: int


@dataclass(frozen=True)
class WorkerCounts:
    """Counts of one worker for a batch."""

    worker_id: int
    counts: Counts
    started_at: datetime
    finished_at: datetime


@dataclass(frozen=True)
class LoadedFile:
    """A file whose records are written, but not visible yet.

    Attributes:
        amount, expected_amount: Sum of the control amount of the entity, if a control gives one.
    """

    batch: NewBatch
    received: Received
    counts: Counts
    workers: tuple[WorkerCounts, ...]
    slices: tuple[Slice, ...]
    controls: tuple[Control, ...]
    differences: tuple[Difference, ...]
    amount: Decimal | None
    expected_amount: Decimal | None


def share_lock(database: Database, load_id: str) -> None:
    """Take a lock that shows, for this session, that a worker of the load is alive."""
    database.execute(
        "select pg_advisory_lock_shared(hashtext('trustgate load workers'), hashtext(%s))",
        [load_id],
    )


def now(database: Database) -> datetime:
    """Time of the server."""
    found = database.row("select clock_timestamp() as now")
    assert found is not None
    moment: datetime = found["now"]
    return moment


def begin(
    database: Database, load_id: str, began_at: datetime, batches: Sequence[NewBatch]
) -> None:
    """Insert the batches of a load, and take the lock of the load for this session.

    Args:
        began_at: When the load began to search for files, in server time.
    """
    database.execute("select pg_advisory_lock(hashtext('trustgate load'), hashtext(%s))", [load_id])
    with explained(), database.connection.transaction():
        for batch in batches:
            database.execute(
                "insert into {quality.batches} (batch_id, load_id, dataset, entity, source_file,"
                " size_bytes, status, started_at)"
                " values (%s, %s, %s, %s, %s, %s, 'LOADING', %s)",
                [
                    *(batch.batch_id, load_id, batch.dataset, batch.entity, batch.source_file),
                    *(batch.size_bytes, began_at),
                ],
            )


def end(database: Database, load_id: str) -> None:
    """Release the lock of the load."""
    database.execute(
        "select pg_advisory_unlock(hashtext('trustgate load'), hashtext(%s))", [load_id]
    )


def delivered_last(
    database: Database, dataset: str, entity: str, sha256: str, load_id: str = ""
) -> DictRow | None:
    """The batch with this content in the last load of an entity, None if it was not in it.

    Args:
        load_id: A load that is not looked at, the one that asks.
    """
    return database.row(
        "select batch_id, status, source_file, loaded_at from {quality.batches}"
        " where dataset = %(dataset)s and entity = %(entity)s and file_sha256 = %(sha256)s"
        " and status = any(%(arrived)s) and load_id is not distinct from ("
        " select load_id from {quality.batches} where dataset = %(dataset)s"
        " and entity = %(entity)s and status = any(%(arrived)s)"
        " and load_id is distinct from %(load)s order by loaded_at desc limit 1)"
        " order by loaded_at limit 1",
        {
            "dataset": dataset,
            "entity": entity,
            "sha256": sha256,
            "arrived": list(ARRIVED),
            "load": load_id,
        },
    )


def delivered(database: Database, dataset: str, entity: str, sha256: str) -> DictRow | None:
    """The last batch with this content, None if it never arrived."""
    return database.row(
        "select batch_id, status, source_file, loaded_at from {quality.batches}"
        " where dataset = %s and entity = %s and file_sha256 = %s and status = any(%s)"
        " order by loaded_at desc limit 1",
        [dataset, entity, sha256, list(ARRIVED)],
    )


def has_size(database: Database, dataset: str, entity: str, size_bytes: int) -> bool:
    """Whether a file of this size, or of unknown size, was loaded before and may be the same."""
    found = database.row(
        "select 1 from {quality.batches} where dataset = %s and entity = %s"
        " and (size_bytes = %s or size_bytes is null) and status = any(%s) limit 1",
        [dataset, entity, size_bytes, list(ARRIVED)],
    )
    return found is not None


def write_rejects(database: Database, batch_id: str, rejects: Sequence[Reject]) -> None:
    """Write the rejects."""
    if not rejects:
        return
    statement = database.statement(
        "copy {quality.rejects} (batch_id, row_number, line_number, reason, detail, raw_line)"
        " from stdin"
    )
    with database.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for reject in rejects:
            copy.write_row(
                (
                    *(batch_id, reject.row_number, reject.line_number, reject.reason.value),
                    *(_detail(reject), escaped(reject.raw)),
                )
            )


def _detail(reject: Reject) -> str:
    if reject.raw_length <= len(reject.raw):
        return reject.detail
    return f"{reject.detail}; the first {len(reject.raw):,} of {reject.raw_length:,} bytes are kept"


def make_visible(
    database: Database, load_id: str, files: Sequence[LoadedFile], force: bool
) -> dict[str, DictRow]:
    """Mark all batches of a load as loaded or held, and make their records part of landing.

    Args:
        force: Load again what was loaded before.
    Returns: Batches with the same content that another load has loaded meanwhile, by the id of
        the batch of this load, which is removed.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

    for attempt in Retrying(
        retry=retry_if_exception(_may_pass),
        stop=stop_after_attempt(5),
        wait=wait_random_exponential(multiplier=0.1, max=2),
        reraise=True,
    ):
        with attempt:
            return _make_visible(database, load_id, files, force)
    raise AssertionError


def _may_pass(error: BaseException) -> bool:
    """Whether the error is only a conflict with another transaction."""
    passing = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
    return isinstance(error.__cause__ or error, passing)


def _make_visible(
    database: Database, load_id: str, files: Sequence[LoadedFile], force: bool
) -> dict[str, DictRow]:
    repeated: dict[str, DictRow] = {}
    with explained(), database.connection.transaction():
        # Only one load at a time decides which content is known.
        database.execute(
            "select pg_advisory_xact_lock(hashtext('trustgate load decides'), hashtext(%s))",
            [database.project.namespace],
        )
        for file in files:
            batch = file.batch
            sha256 = file.received.totals.sha256
            known = delivered_last(database, batch.dataset, batch.entity, sha256, load_id)
            if known is not None and not force:
                repeated[batch.batch_id] = known
                _remove(database, load_id, batch, f"its content is batch {known['batch_id']}")
                continue
            for one in file.slices:
                attach(database, one)
            _record(database, file)
    return repeated


def _record(database: Database, file: LoadedFile) -> None:
    counts, totals, controls = file.counts, file.received.totals, file.controls
    expected = next((one.records for one in controls if one.records is not None), None)
    content_hash = next((one.content_hash for one in controls if one.content_hash), None)
    database.execute(
        "update {quality.batches} set file_sha256 = %s, expected_count = %s, expected_amount = %s,"
        " expected_hash = %s, loaded_count = %s, rejected_count = %s, blank_count = %s,"
        " amount_total = %s, content_hash = %s, business_date = %s, sender_batch_id = %s,"
        " control = %s::text::jsonb, differences = %s::text::jsonb, extra_columns = %s,"
        " worker_count = %s, status = %s, loaded_at = clock_timestamp() where batch_id = %s",
        [
            totals.sha256,
            file.received.records if expected is None else expected,
            file.expected_amount,
            content_hash,
            *(counts.written, counts.rejected, counts.blank),
            file.amount,
            totals.sender_hash,
            next((one.business_date for one in controls if one.business_date), None),
            next((one.batch_id for one in controls if one.batch_id), None),
            json.dumps([{"source": one.source, "said": dict(one.given)} for one in controls])
            if controls
            else None,
            json.dumps([asdict(one) for one in file.differences]) if file.differences else None,
            sorted(counts.extra_columns) or None,
            len(file.workers),
            "HELD" if file.differences else "LOADED",
            file.batch.batch_id,
        ],
    )
    for worker in file.workers:
        database.execute(
            "insert into {quality.batch_workers} (batch_id, worker_id, records_read,"
            " records_written, batches_written, records_rejected, records_blank, started_at,"
            " finished_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                *(file.batch.batch_id, worker.worker_id, worker.counts.read),
                *(worker.counts.written, worker.counts.copies, worker.counts.rejected),
                *(worker.counts.blank, worker.started_at, worker.finished_at),
            ],
        )


def _remove(database: Database, load_id: str, batch: NewBatch, why: str) -> None:
    drop_slices_of(database, load_id, batch.number)
    database.execute("delete from {quality.rejects} where batch_id = %s", [batch.batch_id])
    database.execute(
        "update {quality.batches} set status = 'FAILED', failure = %s where batch_id = %s",
        [why, batch.batch_id],
    )


def relative_name(path: Path, directory: Path) -> str:
    """Path of a file within the loaded directory."""
    return path.relative_to(directory).as_posix()
