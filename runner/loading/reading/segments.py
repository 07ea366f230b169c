"""What reading a file hands over: runs of whole records, the records themselves, and the totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol

SEGMENT_BYTES = 4 << 20
"""Least size of a segment: those handed over wait in memory, here and in workers."""
_PLAIN_FACTOR = 4
_SEGMENTS_OF_A_FILE = 16
LONGEST_RECORD_BYTES = 16 << 20
"""A line or record longer than this is refused."""
KEPT_RAW_BYTES = 8 << 10
"""How much of what was refused is kept."""


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, smaller in tests.

    Attributes:
        segment: Of a segment, about; see `of_plain`.
        block: Read at a time.
        record: A longer line or record is refused.
        careful: Least that is read the careful way where something is wrong.
    """

    segment: int = SEGMENT_BYTES
    block: int = 1 << 20
    record: int = LONGEST_RECORD_BYTES
    careful: int = 64 << 10

    def of_plain(self, size: int) -> int:
        """Of a segment of a file that workers read themselves: each costs a COPY, and no memory.

        Args:
            size: Of the file; small ones have enough segments for all workers, too.
        """
        return min(max(self.segment, size // _SEGMENTS_OF_A_FILE), _PLAIN_FACTOR * self.segment)


class RejectReason(str, Enum):
    """Why a record cannot be read; few words, so that reasons group."""

    FIELD_COUNT = "FIELD_COUNT"
    """More or fewer values than columns, in a record that is quoted well."""
    BROKEN_QUOTING = "BROKEN_QUOTING"
    """A quote inside an unquoted value, text after a closing quote, or a quote never closed."""
    BAD_ENCODING = "BAD_ENCODING"
    """Bytes that are no text in the file's encoding."""
    NUL_BYTE = "NUL_BYTE"
    """A NUL character, which PostgreSQL's text cannot hold."""
    TOO_LONG = "TOO_LONG"
    """A line longer than LONGEST_RECORD_BYTES."""
    CARRIAGE_RETURN = "CARRIAGE_RETURN"
    """A carriage return without a line feed, outside quotes."""
    BAD_JSON = "BAD_JSON"
    """A line that is no JSON object."""
    REPEATED_KEY = "REPEATED_KEY"
    """An object that names a key twice."""
    RECORD_LENGTH = "RECORD_LENGTH"
    """A fixed-width record shorter or longer than its layout."""
    RECORD_TYPE = "RECORD_TYPE"
    """A record of unknown type, or a header or trailer among the records."""


class Record(NamedTuple):
    """A record that can be loaded; a tuple, because there are so many.

    Attributes:
        row_number: Its number in the file, from 1; header and control records do not count.
        values: Its values as they stood, in the order of the reader's columns; None is NULL.
        extra: Values of the columns that landing does not have, by name; None where there are none.
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
        reason: Why, from the fixed vocabulary.
        detail: Why, for people: one clause without values of the file.
        raw: Its bytes as they stood in the file, without the line end, at most KEPT_RAW_BYTES.
        raw_length: How many bytes it has in all.
    """

    row_number: int
    line_number: int
    reason: RejectReason
    detail: str
    raw: bytes
    raw_length: int


@dataclass(frozen=True)
class Blank:
    """A row of nothing but white space, delimiters and empty quotes: counted, not loaded."""

    row_number: int


Row = Record | Reject | Blank


@dataclass(frozen=True)
class Segment:
    """A run of whole records of one file; picklable.

    Attributes:
        number: From 0, in the file's order.
        first_row_number: Row number of its first record, from 1. Blank and refused rows count, so
            that row numbers never depend on what is refused.
        first_line_number: Line of the file it starts on, from 1.
        row_count: Rows it holds, blank and refused ones included; None where only reading tells.
        data: Its bytes in UTF-8; None where a worker reads `length` bytes of the file at `offset`.
        offset: Where it starts in the file (or in what the file unpacks to), in bytes; for Parquet
            the number of the row group.
        length: Its bytes; for Parquet the row group's, unpacked.
        is_clean: The scan found nothing that COPY and `rows` would read differently, so `chunks`
            may go straight to COPY. Should COPY fail nonetheless, `rows` says what is wrong.
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
    """What one pass over a file found.

    Attributes:
        sha256: Of all its bytes as they are on disk, in hexadecimal.
        size_bytes: Its size on disk.
        row_count: Rows, blank and refused ones included.
        blank_count: Blank rows among them; None where the scan has not counted them (workers do).
        control: Fields of the file's own header and trailer records, as text, by name.
        sender_hash: The sender's hash over named fields, in hexadecimal; None where not asked for.
    """

    sha256: str
    size_bytes: int
    row_count: int
    blank_count: int | None
    control: Mapping[str, str] = field(default_factory=dict)
    sender_hash: str | None = None


NO_QUOTE = b"\x01"
"""The quote for COPY where files have none; records that hold it go the careful way."""


@dataclass(frozen=True)
class CopyOptions:
    """How COPY reads a clean segment: `format csv`, no header, `encoding 'utf8'`, and these.

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
        """Columns of the file that landing does not have; of JSON Lines, nobody knows before."""

    @property
    def copy_options(self) -> CopyOptions:
        """For the COPY of what `chunks` yields."""

    @property
    def copies_extra(self) -> bool:
        """Whether `chunks` has one more value behind `columns`: the extra ones as a JSON object."""

    def chunks(self, segment: Segment) -> Iterator[bytes]:
        """A clean segment's bytes for COPY, in pieces of about 1 MB.

        Raises: TroubleError if the file cannot be read or is not the one that was scanned.
        """

    def rows(self, segment: Segment) -> Iterator[Row]:
        """The segment's rows in order, each of them exactly once: what defines how a file is read.

        Raises: TroubleError if the file cannot be read or is not the one that was scanned.
        """


class Source(Protocol):
    """A file that was opened and whose columns fit; stays in the parent process."""

    @property
    def reader(self) -> Reader:
        """For workers."""

    def segments(self) -> Iterator[Segment]:
        """The file's segments in order, streamed; once only.

        Raises: TroubleError naming the file and the line where it cannot be read, has no record, or
            lacks a control record that its format declares.
        """

    @property
    def totals(self) -> FileTotals:
        """What the pass found; only after the last segment."""
