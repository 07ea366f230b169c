"""Delimited files: CSV, TSV, and any other delimiter, with or without quotes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from runner.loading.reading.blank import is_blank
from runner.loading.reading.columns import ColumnMap, map_columns
from runner.loading.reading.control import control_values, last_line
from runner.loading.reading.encoding import original
from runner.loading.reading.extra import with_extra_as_json
from runner.loading.reading.formats import ControlRecord, FileFormat
from runner.loading.reading.head import HEADER_BYTES, Head, header_names
from runner.loading.reading.identity import FileIdentity
from runner.loading.reading.segments import (
    KEPT_RAW_BYTES,
    NO_QUOTE,
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
from runner.loading.reading.splitting import Split, Splitter
from runner.loading.reading.streams import FileStream, HeldBack, Stream
from runner.loading.reading.text_source import Opening, Start, TextSource

TRAILER_BYTES: Final = 64 << 10
"""Longest trailer, with the blank lines after it."""


@dataclass(frozen=True)
class DelimitedReader:
    """Reads segments of one delimited file; see `runner.loading.reading.segments.Reader`.

    Attributes:
        identity: The file.
        delimiter: In UTF-8.
        quote: One byte, or None.
        encoding: Of the file, for the raw bytes of refused records.
        control_types: First values of header and trailer records.
        longest: Largest size of a record in bytes.
    """

    identity: FileIdentity
    map: ColumnMap
    delimiter: bytes
    quote: bytes | None
    encoding: str
    control_types: tuple[bytes, ...]
    longest: int

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of landing that the file has, in its order."""
        return self.map.columns

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """Columns of the file that landing does not have."""
        return self.map.extra

    @property
    def copy_options(self) -> CopyOptions:
        """For the COPY of what `chunks` yields."""
        return CopyOptions(self.delimiter.decode(), (self.quote or NO_QUOTE).decode())

    @property
    def copies_extra(self) -> bool:
        """Whether there are extra columns."""
        return bool(self.map.extra)

    def chunks(self, segment: Segment) -> Iterator[bytes]:
        """A clean segment's bytes for COPY."""
        chunks = self.identity.chunks(segment)
        if not self.map.extra:
            return chunks
        quote = self.copy_options.quote.encode()
        return with_extra_as_json(chunks, self.map, self.delimiter, quote)

    def rows(self, segment: Segment) -> Iterator[Row]:
        """The segment's rows in order, each of them exactly once."""
        text = self.identity.bytes_of(segment)
        splitter = self.splitter()
        has_nul = b"\0" in text
        positions, extras = self.map.positions, self.map.extra_positions
        is_plain = not extras and positions == tuple(range(len(self.map.found)))
        place, row_number, line_number = 0, segment.first_row_number, segment.first_line_number
        while place < len(text):
            split = splitter.split(text, place, is_end=True)
            assert split is not None
            if split.fields is not None and is_blank(split.fields):
                yield Blank(row_number)
            elif refused := self._refusal(text, place, split, has_nul):
                yield self._reject(text, place, split, refused, row_number, line_number)
            else:
                assert split.fields is not None
                try:
                    values = [None if one is None else one.decode() for one in split.fields]
                except UnicodeDecodeError:
                    refused = RejectReason.BAD_ENCODING, f"bytes that are not valid {self.encoding}"
                    yield self._reject(text, place, split, refused, row_number, line_number)
                else:
                    if is_plain:
                        yield Record(row_number, tuple(values))
                    else:
                        yield Record(
                            row_number,
                            tuple(values[position] for position in positions),
                            {self.map.found[at]: values[at] for at in extras} or None,
                        )
            line_number += text.count(b"\n", place, split.next)
            row_number += 1
            place = split.next

    def splitter(self) -> Splitter:
        """Splits this file's records."""
        return Splitter(self.delimiter, self.quote, len(self.map.found), self.longest)

    def _refusal(
        self, text: bytes, start: int, split: Split, has_nul: bool
    ) -> tuple[RejectReason, str] | None:
        if split.reason is not None:
            return split.reason, split.detail
        assert split.fields is not None
        if has_nul and text.find(b"\0", start, split.end) >= 0:
            return RejectReason.NUL_BYTE, "a NUL character"
        if split.fields[0] in self.control_types:
            return RejectReason.RECORD_TYPE, "a header or trailer among the records"
        if len(split.fields) != len(self.map.found):
            many = "more" if len(split.fields) > len(self.map.found) else "fewer"
            return RejectReason.FIELD_COUNT, (
                f"{many} values than the file's {len(self.map.found)} columns"
            )
        return None

    def _reject(
        self,
        text: bytes,
        start: int,
        split: Split,
        refused: tuple[RejectReason, str],
        row_number: int,
        line_number: int,
    ) -> Reject:
        # A few bytes more, in case a character is cut in two.
        kept = text[start : min(split.end, start + 4 * KEPT_RAW_BYTES)]
        raw = original(kept, self.encoding)
        is_whole = split.end - start <= len(kept)
        return Reject(
            row_number,
            line_number,
            *refused,
            raw[:KEPT_RAW_BYTES],
            len(raw) if is_whole else split.end - start,
        )


def open_delimited(
    path: Path,
    file_format: FileFormat,
    columns: Sequence[str],
    optional: Collection[str],
    sender_hash: SenderHash | None,
    limits: Limits,
    may_be_empty: bool,
) -> TextSource:
    """Open a delimited file; see `open_source`."""
    from runner.loading.reading.scanning import Dialect, Scanner

    identity = FileIdentity.of(path)
    delimiter = file_format.delimiter.encode()
    quote = file_format.quote.encode() if file_format.quote else None
    opening, found = _open_file(path, file_format, limits)
    opening.file.close()
    column_map = map_columns(path, found, columns, optional, file_format.column_mapping)
    controls = [one for one in (file_format.header, file_format.trailer) if one is not None]
    types = tuple(one.type.encode() for one in controls)
    reader = DelimitedReader(
        identity, column_map, delimiter, quote, opening.file.encoding, types, limits.record
    )
    dialect = Dialect(
        delimiter,
        quote,
        len(found),
        for_copy=len(delimiter) == 1 and bool(column_map.columns),
        is_rebuilt=bool(column_map.extra),
        marks=tuple(mark for one in types for mark in (one, *((quote + one,) if quote else ()))),
    )
    return TextSource(
        identity,
        lambda: _open_file(path, file_format, limits)[0],
        Scanner(dialect, limits.record, limits.careful),
        reader.splitter(),
        reader,
        limits,
        may_be_empty=bool(controls) or may_be_empty,
        hasher=SenderHasher(sender_hash, path, column_map) if sender_hash else None,
    )


def _open_file(
    path: Path, file_format: FileFormat, limits: Limits
) -> tuple[Opening, tuple[str, ...]]:
    """Read the file past its header; return the names of its columns."""
    file = FileStream(path, file_format.encoding, limits.block)
    stream: Stream = file
    quote = file_format.quote.encode() if file_format.quote else None
    splitter = Splitter(file_format.delimiter.encode(), quote, 1, HEADER_BYTES)
    read_trailer: Callable[[], Mapping[str, str]] | None = None
    if (trailer := file_format.trailer) is not None:
        held = stream = HeldBack(file, TRAILER_BYTES, last_line)

        def read_trailer() -> Mapping[str, str]:
            return _control_record(path, "trailer", trailer, splitter, held.last)

    head = Head(path, stream, splitter, limits.block)
    control: Mapping[str, str] = {}
    if file_format.header is not None:
        control = _control_record(path, "header", file_format.header, splitter, head.take())
    names = file_format.columns
    if file_format.has_header:
        names = header_names(path, head, file_format.encoding)
    start = Start(head.text, file.offset + head.offset, head.line_number, control)
    return Opening(file, stream, start, read_trailer), names


def _control_record(
    path: Path, what: str, declared: ControlRecord, splitter: Splitter, line: bytes
) -> Mapping[str, str]:
    split = splitter.split(line, 0, is_end=True) if line else None
    fields = split.fields if split is not None and split.reason is None else None
    try:
        values = [(field or b"").decode() for field in fields or ()]
    except UnicodeDecodeError:
        values = []
    return control_values(path, what, declared, values[:1], values[1:])
