"""Fixed-width files of mainframes, with or without line ends, in any encoding."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from runner.errors import OperationalError
from runner.loading.reading.blank import WHITE_SPACE
from runner.loading.reading.columns import ColumnMap, map_columns
from runner.loading.reading.control import control_values, last_line
from runner.loading.reading.formats import ControlRecord, Field, FileFormat
from runner.loading.reading.identity import FileIdentity
from runner.loading.reading.lines import Line, line_scanner, lines, too_long
from runner.loading.reading.runs import BlockScanner, Run, Scan
from runner.loading.reading.segments import (
    KEPT_RAW_BYTES,
    Blank,
    CopyOptions,
    Limits,
    Record,
    Reject,
    RejectReason,
    Row,
    Segment,
)
from runner.loading.reading.sender_hash import SenderHash, SenderHasher
from runner.loading.reading.splitting import Splitter
from runner.loading.reading.streams import FileStream, HeldBack, Stream
from runner.loading.reading.text_source import Opening, Start, TextSource

TRAILER_BYTES: Final = 64 << 10
"""Longest trailer line, with the blank lines after it."""


@dataclass(frozen=True)
class FixedWidthReader:
    """Reads segments of one fixed-width file; see `runner.loading.reading.segments.Reader`.

    Values are the characters of their field, stripped as declared; empty values are NULL. SQL reads
    overpunched signs and implied decimals.

    Attributes:
        file_format: With the layout.
        encoding: With its byte order.
        longest: Largest size of a line in bytes.
    """

    identity: FileIdentity
    map: ColumnMap
    file_format: FileFormat
    encoding: str
    longest: int

    @property
    def columns(self) -> tuple[str, ...]:
        """Fields of the layout that landing has, in the layout's order."""
        return self.map.columns

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """Fields of the layout that landing does not have."""
        return self.map.extra

    @property
    def copy_options(self) -> CopyOptions:
        """Not used: no segment is clean."""
        return CopyOptions(",", '"')

    @property
    def copies_extra(self) -> bool:
        """No segment is clean."""
        return False

    def chunks(self, segment: Segment) -> Iterator[bytes]:
        """The segment's bytes."""
        return self.identity.chunks(segment)

    def rows(self, segment: Segment) -> Iterator[Row]:
        """The segment's rows in order, each of them exactly once."""
        for line in self._lines(segment):
            row = self._row(line)
            yield row if isinstance(row, Record | Blank) else self._reject(line, *row)

    def _lines(self, segment: Segment) -> Iterator[Line]:
        text = self.identity.bytes_of(segment)
        row, number = segment.first_row_number, segment.first_line_number
        length = self.file_format.record_length
        if length is None:
            yield from lines(text, row, number)
            return
        for index, place in enumerate(range(0, len(text), length)):
            yield Line(text[place : place + length], row + index, number + index)

    def _row(self, line: Line) -> Record | Blank | tuple[RejectReason, str]:
        declared = self.file_format
        if declared.record_length is None and len(line.text) > self.longest:
            return too_long(self.longest)
        encoding = "utf-8" if declared.record_length is None else self.encoding
        packed = [field for field in declared.layout if field.packed]
        blank = " ".encode(encoding)
        try:
            text = _without(packed, line.text, blank).decode(encoding)
        except UnicodeDecodeError:
            return RejectReason.BAD_ENCODING, f"bytes that are not valid {self.encoding}"
        if not text.strip(WHITE_SPACE) and not line.text.strip(blank):
            return Blank(line.row_number)
        wanted = declared.record_length or declared.layout_length
        if len(text) < wanted:
            if declared.record_length is not None or not declared.may_be_short:
                return RejectReason.RECORD_LENGTH, f"fewer than {wanted} characters"
            text = text.ljust(wanted)
        if declared.record_type is not None:
            kind = (value_of(declared.record_type, text) or "").strip()
            if kind != (declared.detail_type or "").strip():
                controls = [one.type for one in (declared.header, declared.trailer) if one]
                known = "a header or trailer among the records"
                return RejectReason.RECORD_TYPE, (
                    known if kind in controls else "a record of unknown type"
                )
        try:
            values = tuple(
                unpacked(field, line.text, blank) if field.packed else value_of(field, text)
                for field in declared.layout
            )
        except ValueError as error:
            return RejectReason.BAD_ENCODING, str(error)
        if "\0" in text and any(value is not None and "\0" in value for value in values):
            return RejectReason.NUL_BYTE, "a NUL character"
        if not self.map.extra:
            return Record(line.row_number, values)
        return Record(
            line.row_number,
            tuple(values[position] for position in self.map.positions),
            {self.map.found[at]: values[at] for at in self.map.extra_positions},
        )

    def _reject(self, line: Line, reason: RejectReason, detail: str) -> Reject:
        if self.file_format.record_length is None:
            return line.reject(reason, detail, self.encoding)
        return Reject(
            line.row_number,
            line.line_number,
            reason,
            detail,
            line.text[:KEPT_RAW_BYTES],
            len(line.text),
        )


def value_of(field: Field, text: str) -> str | None:
    """A field's characters, stripped as declared; None if nothing is left."""
    return _STRIPPED[field.strip](text[field.start - 1 : field.end]) or None


def unpacked(field: Field, record: bytes, blank: bytes) -> str | None:
    """The digits of a packed decimal, with a minus sign if it is negative; None if it is blank.

    Two digits a byte; the last half byte is the sign: B and D negative, A, C, E and F positive.

    Raises: ValueError if it is none.
    """
    packed = record[field.start - 1 : field.end]
    if not packed.strip(blank):
        return None
    digits, sign = packed.hex()[:-1], packed.hex()[-1]
    if not digits.isdecimal() or sign not in "abcdef":
        raise ValueError(f"{field.name} is no packed decimal")
    return f"-{digits}" if sign in "bd" else digits


def _without(fields: Sequence[Field], record: bytes, blank: bytes) -> bytes:
    """A record with blanks in place of these fields, whose bytes are no text."""
    if not fields:
        return record
    text = bytearray(record)
    for field in fields:
        text[field.start - 1 : field.end] = blank * len(text[field.start - 1 : field.end])
    return bytes(text)


_STRIPPED: Final[Mapping[str, Callable[[str], str]]] = {
    "none": str,
    "right": lambda value: value.rstrip(" "),
    "left": lambda value: value.lstrip(" "),
    "both": lambda value: value.strip(" "),
}


class _FixedScanner:
    """Cuts a block into records of one length; the last may be shorter."""

    def __init__(self, length: int) -> None:
        self._length = length

    def scan(self, block: bytes, is_end: bool) -> Scan:
        """Split a block into records."""
        count = -(-len(block) // self._length) if is_end else len(block) // self._length
        end = min(count * self._length, len(block))
        runs = [Run(0, end, count, count, False, False)] if count else []
        return Scan(runs, end, needs_care=False)


def open_fixed_width(
    path: Path,
    file_format: FileFormat,
    columns: Sequence[str],
    optional: Collection[str],
    sender_hash: SenderHash | None,
    limits: Limits,
    may_be_empty: bool,
) -> TextSource:
    """Open a fixed-width file; see `open_source`."""
    identity = FileIdentity.of(path)
    length = file_format.record_length
    names = [one.name for one in file_format.layout]
    column_map = map_columns(path, names, columns, optional, {})
    opening = _open_file(path, file_format, limits)
    opening.file.close()
    has_controls = file_format.header is not None or file_format.trailer is not None
    may_be_empty = may_be_empty or has_controls
    if not opening.start.text and not may_be_empty:
        raise OperationalError(f"{path} is empty.", "Deliver it with records.")
    encoding = opening.file.encoding if length is None else file_format.encoding
    scanner: BlockScanner = line_scanner(limits) if length is None else _FixedScanner(length)
    return TextSource(
        identity,
        lambda: _open_file(path, file_format, limits),
        scanner,
        Splitter(b"\n", None, 1, limits.record),
        FixedWidthReader(identity, column_map, file_format, encoding, limits.record),
        limits,
        may_be_empty=may_be_empty,
        hasher=SenderHasher(sender_hash, path, column_map) if sender_hash else None,
    )


def _open_file(path: Path, file_format: FileFormat, limits: Limits) -> Opening:
    length = file_format.record_length
    file = FileStream(path, file_format.encoding if length is None else None, limits.block)
    encoding = "utf-8" if length is None else file_format.encoding
    stream: Stream = file
    read_trailer: Callable[[], Mapping[str, str]] | None = None
    if (trailer := file_format.trailer) is not None:
        held = stream = (
            HeldBack(file, TRAILER_BYTES, last_line)
            if length is None
            else HeldBack(file, length, lambda text: (text[:-length], text[-length:]))
        )

        def read_trailer() -> Mapping[str, str]:
            return _control(path, "trailer", trailer, file_format, held.last, encoding)

    text, offset = stream.read(limits.block), file.offset
    control: Mapping[str, str] = {}
    if file_format.header is not None:
        line, text = _first_record(text, stream, length, limits)
        control = _control(path, "header", file_format.header, file_format, line, encoding)
        offset += len(line)
    line_number = 1 if file_format.header is None else 2
    return Opening(file, stream, Start(text, offset, line_number, control), read_trailer)


def _first_record(
    text: bytes, stream: Stream, length: int | None, limits: Limits
) -> tuple[bytes, bytes]:
    """The header with its line end, and the text after it."""
    while True:
        end = length if length is not None else text.find(b"\n") + 1
        if 0 < end <= len(text):
            return text[:end], text[end:]
        piece = stream.read(limits.block)
        if not piece or len(text) > TRAILER_BYTES:
            return text, piece
        text += piece


def _control(
    path: Path,
    what: str,
    declared: ControlRecord,
    file_format: FileFormat,
    record: bytes,
    encoding: str,
) -> Mapping[str, str]:
    assert file_format.record_type is not None
    line = record.decode(encoding, "replace").rstrip("\r\n")
    text = line.ljust(max(field.end for field in declared.layout or [_NOTHING]))
    kind = value_of(file_format.record_type, text)
    values = [value_of(field, text) or "" for field in declared.layout]
    return control_values(path, what, declared, [kind] if kind else [], values)


_NOTHING: Final = Field("nothing", 1, 1)
