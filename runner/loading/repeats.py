"""Recognize content that was loaded before, by its hash."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from runner.errors import ConfigurationError, OperationalError
from runner.loading import batches
from runner.loading.files import EntityFile
from runner.loading.model import LoadedBatch, LoadRequest
from runner.postgres.database import Database

HASH_BYTES = 1 << 20


def new_files(
    database: Database,
    dataset: str,
    files: Sequence[EntityFile],
    request: LoadRequest,
    notify: Callable[[str], None],
) -> tuple[list[LoadedBatch], list[EntityFile]]:
    """Separate files that were delivered before from new deliveries.

    A file with the content of an earlier one is a new delivery: a source may send what it sent
    before the last time. It is none where it was in the last load of its entity, or where the
    directory still holds the content of that load, and so holds earlier deliveries too.

    Only files with the size of a known batch are hashed first; all others are hashed while they are
    read, and compared at the end.
    """
    if request.force:
        return [], list(files)
    sizes = Counter((file.entity.name, size_of(file.path)) for file in files)
    hashed: dict[Path, str] = {}
    seen: dict[tuple[str, str], Path] = {}
    holds_last: set[str] = set()
    for file in files:
        entity, size = file.entity.name, size_of(file.path)
        if sizes[entity, size] == 1 and not batches.has_size(database, dataset, entity, size):
            continue
        sha256 = hashed[file.path] = _sha256(file.path)
        if batches.delivered_last(database, dataset, entity, sha256):
            holds_last.add(entity)
        elif (entity, sha256) in seen:
            raise ConfigurationError(
                f"{file.path} and {seen[entity, sha256]} have the same content; "
                "nothing was loaded.",
                "Remove one of them, or load both with --force.",
            )
        seen[entity, sha256] = file.path
    repeated, new = [], []
    for file in files:
        entity, sha = file.entity.name, hashed.get(file.path)
        known = sha and batches.delivered(database, dataset, entity, sha)
        if not sha or not known:
            new.append(file)
        elif entity in holds_last:
            repeated.append(repeated_batch(file, dataset, sha, known["batch_id"], known["status"]))
        else:
            notify(
                f"{file.path.name} has the content of batch {known['batch_id']}, which is not the "
                f"last of {entity}: it is loaded as a new delivery."
            )
            new.append(file)
    return repeated, new


def repeated_batch(
    file: EntityFile, dataset: str, sha256: str, batch_id: str, status: str
) -> LoadedBatch:
    """A file that is not loaded again; `batch_id` and `status` are of the earlier batch."""
    return LoadedBatch(batch_id, dataset, file.entity.name, str(file.path), sha256, True, status)


def size_of(path: Path) -> int:
    """Size of a file on disk in bytes.

    Raises: OperationalError if it cannot be read.
    """
    try:
        return path.stat().st_size
    except OSError as error:
        raise OperationalError(f"{path} cannot be read: {error.strerror}.") from error


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(HASH_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise OperationalError(f"{path} cannot be read: {error.strerror}.") from error
    return digest.hexdigest()
