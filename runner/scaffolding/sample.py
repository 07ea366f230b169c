"""Read the first records of a file like a load."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from runner.errors import ConfigurationError, OperationalError
from runner.loading.reading import (
    FileFormat,
    Record,
    Reject,
    Row,
    Source,
    declared_format,
    detect_format,
    open_source,
)

SAMPLE_RECORDS = 5_000
"""Size of the sample: enough to find the types of columns, and fast to read."""
_DELIMITERS = ";\t|"


@dataclass(frozen=True)
class Sample:
    """The first records of a file.

    Attributes:
        columns: Names of its columns in the file, in its order.
        records: The values of each record by column; None is NULL.
        refused: Number of the first records that cannot be read.
        reason: Why the first of them cannot be read, empty if there is none.
        is_whole: Whether the sample has all records of the file.
    """

    columns: tuple[str, ...]
    records: tuple[Mapping[str, str | None], ...]
    refused: int
    reason: str
    is_whole: bool


def format_of(path: Path, declared: Mapping[str, Any]) -> FileFormat:
    """The format of the file: as declared, else from its name.

    Raises: ConfigurationError if the file does not exist, or its format is unknown.
    """
    if not path.is_file():
        what = "is a directory" if path.is_dir() else "does not exist"
        raise ConfigurationError(f"{path} {what}.", "Give a file with records of the entity.")
    return declared_format(declared, path) if declared else detect_format(path)


def read_sample(path: Path, file_format: FileFormat, limit: int = SAMPLE_RECORDS) -> Sample:
    """The first records of a file, with the column names of the file.

    Raises: ConfigurationError for a file that is empty or cannot be read.
    """
    # No column is known yet: all are read like columns that landing does not have.
    unmapped = replace(file_format, column_mapping={}, optional_columns=())
    try:
        source = open_source(path, unmapped, ())
        sample = _first_records(source, limit)
    except OperationalError as error:
        raise ConfigurationError(error.message, error.remedy) from error
    if len(sample.records) < sample.refused or not sample.records:
        what = f"most of its first records: {sample.reason}" if sample.reason else "any record"
        raise ConfigurationError(
            f"{path}: a load could not read {what}.",
            "Declare how it is written with --format; docs/loading.md lists what can be declared.",
        )
    if len(sample.columns) == 1 and (found := set(_DELIMITERS) & set(sample.columns[0])):
        raise ConfigurationError(
            f"{path} has one column, called {sample.columns[0]!r}.",
            f"Declare how it is written: --format 'delimiter: \"{found.pop()}\"'",
        )
    return sample


def _first_records(source: Source, limit: int) -> Sample:
    records: list[Mapping[str, str | None]] = []
    refused, reason, is_whole = 0, "", True
    with contextlib.closing(_rows(source)) as rows:
        for row in rows:
            if len(records) + refused >= limit:
                is_whole = False
                break
            if isinstance(row, Record):
                records.append(row.extra or {})
            elif isinstance(row, Reject):
                reason = reason or f"line {row.line_number}, {row.reason.value}, {row.detail}"
                refused += 1
    # JSON Lines name their columns in each record.
    columns = dict.fromkeys(chain(source.reader.extra_columns, *records))
    return Sample(tuple(columns), tuple(records), refused, reason, is_whole)


def _rows(source: Source) -> Generator[Row, None, None]:
    for segment in source.segments():
        yield from source.reader.rows(segment)
