"""Results of reading a file: segments of whole records, the records, and the totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol

SEGMENT_BYTES = 4 << 20
"""Smallest size of a segment: segments wait in memory, here and in workers."""
_PLAIN_FACTOR = 4
_SEGMENTS_OF_A_FILE = 16
LONGEST_RECORD_BYTES = 16 << 20
"""A line or record longer than this is refused."""
KEPT_RAW_BYTES = 8 << 10
"""Number of bytes kept of a refused record."""


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, smaller in tests.

    Attributes:
        segment: Approximate size of a segment; see `of_plain`.
        block: Size of a read.
        record: Largest size of a line or record; a longer one is refused.
        careful: Smallest stretch that is read record by record around an error.
    """

    segment: int = SEGMENT_BYTES
    block: int = 1 << 20
    record: int = LONGEST_RECORD_BYTES
    careful: int = 64 << 10

    def of_plain(self, size: int) -> int:
        """Size of a segment of a file that workers read themselves: it costs a COPY but no memory.

        Args:
            size: Size of the file; small files have enough segments for all workers, too.
        """
        return min(max(self.segment, size // _SEGMENTS_OF_A_FILE), _PLAIN_FACTOR * self.segment)


class RejectReason(str, Enum):
    """Why a record cannot be read; a fixed list, so that reasons can be grouped."""

    FIELD_COUNT = "FIELD_COUNT"
    """More or fewer values than columns, in a record with valid quoting."""
    BROKEN_QUOTING = "BROKEN_QUOTING"
    """A quote inside an unquoted value, text after a closing quote, or a quote never closed."""
    BAD_ENCODING = "BAD_ENCODING"
    """Bytes that are not valid in the encoding of the file."""
    NUL_BYTE = "NUL_BYTE"
    """A NUL character, which PostgreSQL cannot store in text."""
    TOO_LONG = "TOO_LONG"
    """A line longer than LONGEST_RECORD_BYTES."""
    CARRIAGE_RETURN = "CARRIAGE_RETURN"
    """A carriage return without a line feed, outside quotes."""
    BAD_JSON = "BAD_JSON"
    """A line that is not a JSON object."""
    REPEATED_KEY = "REPEATED_KEY"
    """An object with a repeated key."""
    RECORD_LENGTH = "RECORD_LENGTH"
    """A fixed-width record shorter or longer than its layout."""
    RECORD_TYPE = "RECORD_TYPE"
    """A record of unknown type, or a header or trailer among the records."""


class Record(NamedTuple):
    """A record that can be loaded; a tuple, because there are so many.

    Attributes:
        row_number: Its number in the file, from 1; header and control records do not count.
        values: Its values as received, in the order of the columns of the reader; None is NULL.
        extra: Values of columns that landing does not have, by name; None if there are none.
    """

    row_number: int
    values: tuple[str | None, ...]
    extra: Mapping[str, str | None] | None = None


@dataclass(frozen=True)
class Reject:
    """A record, or the first line of one, that cannot be read.

    Attributes:
        row_number: Its number in the file, from 1, counted with the records that can be read.
        line_number: Line of the file it starts on, from 1, the header included; for files without
            lines the record's number in the file.
        reason: Why it cannot be read.
        detail: Description of the error: one clause without values of the file.
        raw: Its bytes in the file, without the line end, at most KEPT_RAW_BYTES.
        raw_length: Number of bytes it has in all.
    """

    row_number: int
    line_number: int
    reason: RejectReason
    detail: str
    raw: bytes
    raw_length: int


@dataclass(frozen=True)
class Blank:
    """A row with only white space, delimiters and empty quotes: counted, not loaded."""

    row_number: int


Row = Record | Reject | Blank


@dataclass(frozen=True)
class Segment:
    """A run of whole records of one file; picklable.

    Attributes:
        number: From 0, in the order of the file.
        first_row_number: Row number of its first record, from 1. Blank and refused rows count, so
            that row numbers do not depend on refusals.
        first_line_number: Line of the file it starts on, from 1.
        row_count: Number of rows, including blank and refused ones; None if unknown before reading.
        data: Its bytes in UTF-8; None if a worker reads `length` bytes of the file at `offset`.
        offset: Its start in the unpacked file, in bytes; for Parquet, the number of the row group.
        length: Its size in bytes; for Parquet, of the unpacked row group.
        is_clean: Whether COPY and `rows` read the same, so that `chunks` can be sent to COPY. If
            COPY fails nevertheless, `rows` finds the error.
    """

    number: int
    first_row_number: int
    first_line_number: int
    row_count: int | None
    data: bytes | None
    offset: int
    length: int
    is_clean: bool


@dataclass(frozen=True)
class FileTotals:
    """Totals of one pass over a file.

    Attributes:
        sha256: Hash of all bytes on disk, in hexadecimal.
        size_bytes: Its size on disk.
        row_count: Number of rows, including blank and refused ones.
        blank_count: Number of blank rows; None if the scan did not count them (workers do).
        control: Fields of the header and trailer records of the file, as text, by name.
        sender_hash: Hash of the sender over its fields, in hexadecimal; None if not requested.
    """

    sha256: str
    size_bytes: int
    row_count: int
    blank_count: int | None
    control: Mapping[str, str] = field(default_factory=dict)
    sender_hash: str | None = None


NO_QUOTE = b"\x01"
"""The quote for COPY if files have none; records with it are read record by record."""


@dataclass(frozen=True)
class CopyOptions:
    """Settings of COPY for a clean segment: `format csv`, no header, `encoding 'utf8'`, and these.

    Attributes:
        delimiter: One character.
        quote: One character, which escapes itself.
    """

    delimiter: str
    quote: str


class Reader(Protocol):
    """Reads the records of a segment, in a worker; picklable."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of landing that the file has, in the order of `Record.values` and of COPY."""

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """Columns of the file that landing does not have; unknown before reading for JSON Lines."""

    @property
    def copy_options(self) -> CopyOptions:
        """For the COPY of what `chunks` yields."""

    @property
    def copies_extra(self) -> bool:
        """Whether `chunks` has one more value after `columns`: the extra ones as a JSON object."""

    def chunks(self, segment: Segment) -> Iterator[bytes]:
        """A clean segment's bytes for COPY, in pieces of about 1 MB.

        Raises: OperationalError if the file cannot be read or is not the one that was scanned.
        """

    def rows(self, segment: Segment) -> Iterator[Row]:
        """The rows of the segment in order, each exactly once: this defines how a file is read.

        Raises: OperationalError if the file cannot be read or is not the one that was scanned.
        """


class Source(Protocol):
    """An opened file with valid columns; it stays in the parent process."""

    @property
    def reader(self) -> Reader:
        """For workers."""

    def segments(self) -> Iterator[Segment]:
        """The file's segments in order, streamed; once only.

        Raises: OperationalError with file and line if it cannot be read, has no record, or lacks a
            declared control record.
        """

    @property
    def totals(self) -> FileTotals:
        """Totals of the file; only after the last segment."""
