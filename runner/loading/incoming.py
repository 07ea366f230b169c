"""A file during its load: opened, read by workers, counted, compared with its control totals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

from psycopg import sql

from runner.errors import ConfigurationError, OperationalError
from runner.loading import batches
from runner.loading.batches import LoadedFile, NewBatch, WorkerCounts
from runner.loading.control import AMOUNTS, Control, Received, control_of_records, differences
from runner.loading.files import EntityFile
from runner.loading.messages import Counts, FileTask, SegmentDone
from runner.loading.model import LoadedBatch, LoadRequest
from runner.loading.reading import Limits, Source, open_source
from runner.loading.refusals import RefusalLimit
from runner.loading.repeats import size_of
from runner.loading.slices import Slice
from runner.postgres.database import Database

LIMITS = Limits()


@dataclass
class Incoming:
    """A file during its load.

    Attributes:
        controls: Its control totals; those in the file itself come last, after it is read.
        slices: Tables with its records, by worker.
        workers: Counts by worker.
        limit: Limit of refused records.
        row_count: Number of rows, None until the scan is complete.
    """

    file: EntityFile
    batch: NewBatch
    source: Source
    controls: list[Control]
    limit: RefusalLimit
    row_count: int | None = None
    slices: dict[int, Slice] = field(default_factory=dict)
    workers: dict[int, WorkerCounts] = field(default_factory=dict)

    def add(self, worker_id: int, done: SegmentDone) -> None:
        """Add the counts of a worker for a segment.

        Raises: OperationalError once too many records are refused.
        """
        before = self.workers.get(worker_id)
        counts = done.counts if before is None else before.counts + done.counts
        started_at = done.started_at if before is None else before.started_at
        self.workers[worker_id] = WorkerCounts(worker_id, counts, started_at, done.finished_at)
        self.limit.add(done.segment_number, done.counts)
        if self.row_count is not None:
            self.limit.check(self.row_count)

    @property
    def counts(self) -> Counts:
        return sum((worker.counts for worker in self.workers.values()), Counts())

    @property
    def amounts(self) -> tuple[str, ...]:
        """Columns to sum: those with an amount in a control that is known before reading."""
        named = {column for control in self.controls for column in control.amounts}
        file_format = self.file.entity.format_of(self.file.path)
        for record in (file_format.header, file_format.trailer):
            names = record.names if record else ()
            named |= {name.removeprefix(AMOUNTS) for name in names if name.startswith(AMOUNTS)}
        return tuple(sorted(named))


def open_files(
    files: Sequence[EntityFile],
    controls: Mapping[Path, list[Control]],
    dataset: str,
    load_id: str,
    request: LoadRequest,
) -> list[Incoming]:
    """Open all files and compare their columns, before anything is loaded."""
    opened: list[Incoming] = []
    now = datetime.now(timezone.utc)
    counts: dict[str, int] = {}
    for number, file in enumerate(files):
        entity = file.entity
        found = controls[file.path]
        how = next((one.content_hash_of for one in found if one.content_hash_of), None)
        file_format = entity.format_of(file.path)
        records = [one.names for one in (file_format.header, file_format.trailer) if one]
        if how is None and (
            any(one.content_hash for one in found)
            or any("content_hash" in names for names in records)
        ):
            how = entity.content_hash
            if how is None:
                raise ConfigurationError(
                    f"{file.path}: a content hash is given, but not of which fields.",
                    f"Declare `content_hash` in the meta of base_{entity.name}, or give "
                    "`content_hash_of` beside it.",
                )
        source = open_source(
            file.path,
            file_format,
            entity.columns,
            sender_hash=how,
            limits=LIMITS,
            may_be_empty=any(one.records == 0 for one in found),
        )
        if source.reader.extra_columns and not entity.keeps_extra:
            raise ConfigurationError(
                f"{file.path}: unknown columns {', '.join(source.reader.extra_columns)}.",
                f"Declare `unknown_columns: keep` in the meta of base_{entity.name} to keep them.",
            )
        counts[entity.name] = count = counts.get(entity.name, 0) + 1
        batch_id = f"{now:%Y%m%dT%H%M%S}-{entity.name}-{load_id}" + (f"-{count}" * (count > 1))
        name = batches.relative_name(file.path, request.directory)
        batch = NewBatch(batch_id, number, dataset, entity.name, name, size_of(file.path))
        limit = RefusalLimit(file.path, request.max_rejects)
        opened.append(Incoming(file, batch, source, list(found), limit))
    return opened


def tasks_of(file: Incoming, load_id: str) -> Callable[[int], FileTask]:
    """Creates the task of a worker for a file, with its first segment."""

    def task_of(worker_id: int) -> FileTask:
        entity, reader = file.file.entity, file.source.reader
        kind = entity.format_of(file.file.path).kind
        own = Slice(
            entity=entity.name,
            load_id=load_id,
            file_number=file.batch.number,
            worker_id=worker_id,
            batch_id=file.batch.batch_id,
            columns=reader.columns,
            has_extra=entity.keeps_extra and (bool(reader.extra_columns) or kind == "json_lines"),
        )
        file.slices[worker_id] = own
        return FileTask(own, reader, entity.columns, file.amounts, entity.amount_reader)

    return task_of


def add_totals(file: Incoming) -> None:
    """Add the totals of the complete scan, and the control records of the file."""
    file.row_count = file.source.totals.row_count
    own = control_of_records(file.file.path, file.source.totals.control)
    if own is not None:
        file.controls.append(own)


def check_counts(file: Incoming) -> None:
    """Compare the counts of the workers with those of the scan.

    Raises: OperationalError if rows are unaccounted for, or too many were refused.
    """
    counts, totals, path = file.counts, file.source.totals, file.file.path
    if counts.read != totals.row_count or counts.read != (
        counts.written + counts.rejected + counts.blank
    ):
        raise OperationalError(
            f"{path} has {totals.row_count:,} rows, of which workers read {counts.read:,}, wrote "
            f"{counts.written:,}, refused {counts.rejected:,} and found {counts.blank:,} blank; "
            "nothing was loaded.",
            "This is a bug: please report it, with the file if possible.",
        )
    file.limit.check(totals.row_count)


def completed(database: Database, file: Incoming, amounts: Mapping[str, Decimal]) -> LoadedFile:
    """A file with its control totals, counts and differences."""
    counts, entity = file.counts, file.file.entity
    received = Received(
        file.source.totals,
        counts.written + counts.rejected,
        {column: amounts.get(column) for column in file.amounts},
    )
    expected = {
        f"{control.source}/{column}": _as_amount(database, entity.amount_reader, amount)
        for control in file.controls
        for column, amount in control.amounts.items()
    }
    expected_amount = next(
        (
            expected[f"{control.source}/{entity.amount}"]
            for control in file.controls
            if entity.amount in control.amounts
        ),
        None,
    )
    return LoadedFile(
        batch=file.batch,
        received=received,
        counts=counts,
        workers=tuple(file.workers[worker_id] for worker_id in sorted(file.workers)),
        slices=tuple(file.slices[worker_id] for worker_id in sorted(file.slices)),
        controls=tuple(file.controls),
        differences=tuple(differences(file.controls, received, expected)),
        amount=received.amounts.get(entity.amount) if entity.amount else None,
        expected_amount=expected_amount,
    )


def _as_amount(database: Database, reader: str, given: str) -> Decimal | None:
    """A control amount, read by the database in the same way as those of the records."""
    # `offset 0`: PostgreSQL would evaluate every branch of a function of a constant when it plans.
    query = sql.SQL(
        "select {}(given) as amount from (select {}::text as given offset 0) as given"
    ).format(sql.Identifier(database.project.schema("quality"), reader), sql.Literal(given))
    found = database.connection.execute(query).fetchone()
    amount: Decimal | None = found["amount"] if found else None
    return amount


def loaded_batch(file: Incoming, one: LoadedFile) -> LoadedBatch:
    """The outcome of a file, after it is visible."""
    workers = one.workers
    began = min((worker.started_at for worker in workers), default=None)
    ended = max((worker.finished_at for worker in workers), default=None)
    return LoadedBatch(
        batch_id=file.batch.batch_id,
        dataset=file.batch.dataset,
        entity=file.batch.entity,
        file=str(file.file.path),
        file_sha256=one.received.totals.sha256,
        is_repeated=False,
        status="HELD" if one.differences else "LOADED",
        loaded_count=one.counts.written,
        rejected_count=one.counts.rejected,
        blank_count=one.counts.blank,
        reasons=dict(one.counts.reasons),
        differences=one.differences,
        extra_columns=tuple(sorted(one.counts.extra_columns)),
        amount_total=one.amount,
        seconds=(ended - began).total_seconds() if began and ended else 0.0,
    )
