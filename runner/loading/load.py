"""Load a directory into landing with several workers, in one transaction."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence

import psycopg

from runner.errors import RunnerError
from runner.loading import batches, disk, recovery
from runner.loading.control import read_controls
from runner.loading.entities import Entity
from runner.loading.files import find_files
from runner.loading.incoming import (
    Incoming,
    add_totals,
    check_counts,
    completed,
    loaded_batch,
    open_files,
    tasks_of,
)
from runner.loading.messages import SegmentDone
from runner.loading.model import LoadedBatch, LoadRequest
from runner.loading.pool import Pool
from runner.loading.progress import Meter, Watcher
from runner.loading.repeats import new_files, repeated_batch
from runner.postgres.database import Database
from runner.postgres.profiles import Profile


def load(
    database: Database,
    profile: Profile,
    dataset: str,
    entities: Sequence[Entity],
    request: LoadRequest,
    watcher: Watcher,
) -> list[LoadedBatch]:
    """Load the files of a directory; they become visible together.

    A file whose content was loaded last is skipped (`new_files`). A file whose control totals do
    not match becomes a batch on hold: it stays in raw until a user releases or rejects it.

    Raises: ConfigurationError for wrong columns, formats or controls; OperationalError for a file
        that cannot be read, too many refused records, a worker that dies, or a database error. In
        every case nothing is loaded, and the command can be repeated.
    """
    began_at = batches.now(database)
    found = find_files(request.directory, entities, request.only)
    for path in found.strangers:
        watcher.notify(f"{batches.relative_name(path, request.directory)} belongs to no entity.")
    controls = read_controls(request.directory, found.files, is_whole=not request.only)
    for left in recovery.recover(database):
        watcher.notify(f"Removed the remains of an interrupted load of {left}.")
    repeated, files = new_files(database, dataset, found.files, request, watcher.notify)
    if not files:
        return repeated
    disk.check_space(database, profile, [file.path for file in files], watcher.notify)
    load_id = secrets.token_hex(4)
    # Workers start and connect while the files are opened.
    with Pool(request.workers, load_id, profile, database.project) as pool:
        opened = open_files(files, controls, dataset, load_id, request)
        batches.begin(database, load_id, began_at, [one.batch for one in opened])
        try:
            done = _carry_out(database, pool, load_id, opened, request, watcher)
        except BaseException as error:
            # Stop the workers first, so that the clean-up does not wait for their locks.
            pool.abandon()
            with contextlib.suppress(RunnerError, psycopg.Error):
                recovery.fail(database, load_id, getattr(error, "message", type(error).__name__))
            raise
        finally:
            with contextlib.suppress(RunnerError, psycopg.Error):
                batches.end(database, load_id)
    order = {str(file.path): place for place, file in enumerate(found.files)}
    return sorted([*repeated, *done], key=lambda batch: order[batch.file])


def _carry_out(
    database: Database,
    pool: Pool,
    load_id: str,
    files: list[Incoming],
    request: LoadRequest,
    watcher: Watcher,
) -> list[LoadedBatch]:
    meter = Meter(watcher, sum(disk.plain_bytes(file.file.path) for file in files), request.workers)

    def on_done(worker_id: int, done: SegmentDone) -> None:
        files[done.file_number].add(worker_id, done)
        meter.add(worker_id, done.counts.written, done.length)

    pool.on_done = on_done
    for number, file in enumerate(files):
        meter.start(file.batch.source_file)
        for segment in file.source.segments():
            pool.read(tasks_of(file, load_id), number, segment)
        add_totals(file)
    amounts = pool.finish()
    for file in files:
        check_counts(file)
    loaded = [completed(database, file, amounts.get(n, {})) for n, file in enumerate(files)]
    meter.end()
    pool.commit()
    taken = batches.make_visible(database, load_id, loaded, request.force)
    result = []
    for file, one in zip(files, loaded, strict=True):
        if (known := taken.get(file.batch.batch_id)) is not None:
            sha256 = one.received.totals.sha256
            result.append(
                repeated_batch(
                    file.file, file.batch.dataset, sha256, known["batch_id"], known["status"]
                )
            )
        else:
            result.append(loaded_batch(file, one))
    return result
