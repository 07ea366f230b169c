"""Recognize content that was loaded before, by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from runner.errors import ConfigurationError, OperationalError
from runner.loading import batches
from runner.loading.files import EntityFile
from runner.loading.model import LoadedBatch, LoadRequest
from runner.postgres.database import Database

HASH_BYTES = 1 << 20


def new_files(
    database: Database, dataset: str, files: Sequence[EntityFile], request: LoadRequest
) -> tuple[list[LoadedBatch], list[EntityFile]]:
    """Separate files that were loaded before from new ones.

    Only files with the size of a known batch are hashed first; all others are hashed while they are
    read, and compared at the end.
    """
    if request.force:
        return [], list(files)
    repeated, new = [], []
    sizes: dict[tuple[str, int], int] = {}
    for file in files:
        key = (file.entity.name, size_of(file.path))
        sizes[key] = sizes.get(key, 0) + 1
    seen: dict[tuple[str, str], Path] = {}
    for file in files:
        entity, size = file.entity.name, size_of(file.path)
        if sizes[entity, size] == 1 and not batches.has_size(database, dataset, entity, size):
            new.append(file)
            continue
        sha256 = _sha256(file.path)
        known = batches.earlier(database, dataset, entity, sha256)
        if known is not None:
            repeated.append(
                repeated_batch(file, dataset, sha256, known["batch_id"], known["status"])
            )
        elif (entity, sha256) in seen:
            first = seen[entity, sha256]
            raise ConfigurationError(
                f"{file.path} and {first} have the same content; nothing was loaded.",
                "Remove one of them, or load both with --force.",
            )
        else:
            seen[entity, sha256] = file.path
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
