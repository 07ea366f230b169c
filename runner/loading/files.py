"""Assign the files of a directory to entities."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.errors import ConfigurationError, OperationalError
from runner.loading.entities import Entity
from runner.loading.reading import SUFFIXES
from runner.loading.reading.names import composed

PACKED = (".gz", ".zst", ".zstd")
MANIFEST = "manifest.json"
CONTROL_SUFFIX = ".ctl"
_MORE = re.compile(r"[-.].+|_\d.*")
"""Text that may follow the entity in a file name: `-2026-11-20`, `.eu`, `_20261120`."""


@dataclass(frozen=True)
class EntityFile:
    """A file and the entity of its records."""

    entity: Entity
    path: Path


@dataclass(frozen=True)
class Found:
    """The files of a directory.

    Attributes:
        files: Files of the requested entities, by entity, then by name.
        strangers: Files and directories that belong to no entity.
    """

    files: tuple[EntityFile, ...]
    strangers: tuple[Path, ...]


def find_files(directory: Path, entities: Sequence[Entity], only: Collection[str] = ()) -> Found:
    """Find the files of the entities in a directory.

    The name of a file is that of its entity (`payments.csv`), with a suffix if there are several
    (`payments-2026-11-20.csv`, `payments_20261120.csv`), or the file is in a directory with that
    name (`payments/part-1.csv`). The extension is one of reading.SUFFIXES; case does not matter.

    Args:
        only: Names of the entities to load; all of them if empty.
    Raises: ConfigurationError if the directory does not exist, an entity is unknown, no file is
        found, a requested entity has no file, or a name cannot be stored in the database.
    """
    names = [entity.name for entity in entities]
    if unknown := [name for name in only if name not in names]:
        raise ConfigurationError(
            f"There is no entity {unknown[0]}.", f"Known entities: {', '.join(names)}."
        )
    if not directory.is_dir():
        what = "is a file" if directory.exists() else "does not exist"
        raise ConfigurationError(
            f"{directory} {what}; a load needs a directory.",
            f"Give the directory that holds {_file_names(names)}.",
        )
    found: list[EntityFile] = []
    strangers: list[Path] = []
    for path, entity in _looked_at(directory, entities):
        if entity is None:
            strangers.append(path)
        elif not only or entity.name in only:
            _refuse_unwritable(path, directory)
            found.append(EntityFile(entity, path))
    there = {file.entity.name for file in found}
    missing = [name for name in names if name not in there and (not only or name in only)]
    if not found or (only and missing):
        raise ConfigurationError(
            f"{directory} has no {_file_names(missing or names, 'or')}.",
            "Name the files after their entities, or give another directory.",
        )
    order = {name: place for place, name in enumerate(names)}
    found.sort(key=lambda file: (order[file.entity.name], str(file.path)))
    return Found(tuple(found), tuple(strangers))


def _looked_at(directory: Path, entities: Sequence[Entity]) -> Iterator[tuple[Path, Entity | None]]:
    """Each file with its entity, None if it has none; without control files."""
    by_name = {composed(entity.name.lower()): entity for entity in entities}
    for path in _listed(directory):
        if path.is_dir():
            entity = by_name.get(composed(path.name.lower()))
            parts = _listed(path) if entity is not None else []
            if not parts:
                yield path, None
            for part in parts:
                yield part, entity if part.is_file() and _stem(part) is not None else None
        else:
            stem = _stem(path)
            yield path, None if stem is None else _entity_of(stem, by_name)


def _listed(directory: Path) -> list[Path]:
    try:
        paths = sorted(directory.iterdir())
    except OSError as error:
        raise OperationalError(f"{directory} cannot be read: {error.strerror}.") from error
    return [
        path
        for path in paths
        if not path.name.startswith(".")
        and path.name.lower() != MANIFEST
        and path.suffix.lower() != CONTROL_SUFFIX
    ]


def _refuse_unwritable(path: Path, directory: Path) -> None:
    """Refuse a file whose name is not UTF-8, which cannot be stored with the batch."""
    name = os.fsencode(path.relative_to(directory))
    try:
        name.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"The name of {name.decode('utf-8', 'backslashreplace')} is not UTF-8.",
            f"Rename it; it is in {directory}.",
        ) from error


def _stem(path: Path) -> str | None:
    """The file name in lower case without extensions; None if its format is unknown."""
    name = composed(path.name.lower())
    for suffix in PACKED:
        name = name.removesuffix(suffix)
    suffix = Path(name).suffix
    return name.removesuffix(suffix) if suffix in SUFFIXES else None


def _entity_of(stem: str, by_name: dict[str, Entity]) -> Entity | None:
    """The entity with the longest name that is a prefix of the file name."""
    for name in sorted(by_name, key=len, reverse=True):
        if stem == name or (stem.startswith(name) and _MORE.fullmatch(stem[len(name) :])):
            return by_name[name]
    return None


def is_called_after(path: Path, entity: str) -> bool:
    """Whether a load takes the file for one of this entity's, by its name or its directory's."""
    stem = _stem(path)
    if stem is None:
        return False
    return (
        composed(path.parent.name.lower()) == composed(entity)
        or stem == entity
        or (stem.startswith(entity) and _MORE.fullmatch(stem[len(entity) :]) is not None)
    )


def _file_names(names: Sequence[str], word: str = "and") -> str:
    files = [f"{name}.csv" for name in names]
    return f" {word} ".join(filter(None, [", ".join(files[:-1]), files[-1]])) if files else "file"
