"""Files written and read in tests of reading."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.loading.reading import (
    Blank,
    FileFormat,
    FileTotals,
    Limits,
    Reader,
    Record,
    Reject,
    Row,
    Segment,
    SenderHash,
    open_source,
)


@dataclass(frozen=True)
class Reading:
    """What came of a file: its segments, and its rows read the careful way."""

    reader: Reader
    segments: tuple[Segment, ...]
    rows: tuple[Row, ...]
    totals: FileTotals

    @property
    def values(self) -> list[tuple[str | None, ...]]:
        return [row.values for row in self.rows if isinstance(row, Record)]

    @property
    def extras(self) -> list[dict[str, str | None] | None]:
        return [
            dict(row.extra) if row.extra is not None else None
            for row in self.rows
            if isinstance(row, Record)
        ]

    @property
    def rejects(self) -> list[Reject]:
        return [row for row in self.rows if isinstance(row, Reject)]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Row number and reason of all that was refused."""
        return [(reject.row_number, reject.reason.value) for reject in self.rejects]

    @property
    def blank_count(self) -> int:
        return sum(isinstance(row, Blank) for row in self.rows)


def read(
    path: Path,
    file_format: FileFormat,
    columns: tuple[str, ...],
    optional: tuple[str, ...] = (),
    sender_hash: SenderHash | None = None,
    limits: Limits | None = None,
) -> Reading:
    """Read a whole file the careful way; the reader travels as it does to workers."""
    source = open_source(
        path, file_format, columns, optional, sender_hash=sender_hash, limits=limits
    )
    reader: Reader = pickle.loads(pickle.dumps(source.reader))
    segments = tuple(source.segments())
    rows = tuple(row for segment in segments for row in reader.rows(segment))
    return Reading(reader, segments, rows, source.totals)


def text_of(reading: Reading) -> Iterator[bytes]:
    """The bytes of each segment."""
    for segment in reading.segments:
        yield b"".join(reading.reader.chunks(segment))
