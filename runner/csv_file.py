"""A CSV file as a stream of chunks for COPY: checked, hashed and counted, never split into rows."""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from runner.errors import ConfigurationError, TroubleError

CHUNK_BYTES = 1 << 20
HEADER_BYTES = 1 << 20
"""Longest header that is looked at."""
BYTE_ORDER_MARK = codecs.BOM_UTF8
QUOTE = b'"'
_NOT_STRUCTURE = bytes(byte for byte in range(256) if byte not in b'"\n')
_BLANK_LINE = re.compile(rb"(?m)^[ \t\f\v]*(\r?\n)")
_END_MARKER = re.compile(rb"(?m)^\\\.\r?\n")
"""A line that PostgreSQL before version 18 takes for the end of the data."""


@dataclass(frozen=True)
class CsvFile:
    """What one reading of a file found.

    Attributes:
        path: The file.
        columns: The header's names, in the file's order.
        sha256: Of all its bytes, in hexadecimal.
        line_count: Records after the header, wholly blank ones included, counted without COPY.
        size_bytes: Its size.
        has_mark: Whether it starts with a byte order mark.
        line_end: What ends the header's line.
    """

    path: Path
    columns: tuple[str, ...]
    sha256: str
    line_count: int
    size_bytes: int
    has_mark: bool
    line_end: bytes


def inspect(path: Path) -> CsvFile:
    """Read a file once, refusing whatever COPY could not load, before anything is loaded.

    Raises: TroubleError naming the file and the line for one that cannot be opened, is empty, has
        a header only, is not UTF-8, holds NUL bytes, or has a quote that is never closed.
    """
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    counter = _LineCounter()
    size = 0
    with _opened(path) as file:
        header = file.readline(HEADER_BYTES)
        has_mark = header.startswith(BYTE_ORDER_MARK)
        columns = _header(path, header, file)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            if b"\0" in chunk:
                line = _line_of(path, size + chunk.index(b"\0"))
                raise TroubleError(
                    f"{path}, line {line}: there is a NUL byte, which text cannot hold.",
                    "Is it really a CSV file in UTF-8? Export it again.",
                )
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                raise _not_utf8(path, size, error) from error
            counter.add(chunk)
            size += len(chunk)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise _not_utf8(path, size, error) from error
    if counter.is_in_quotes:
        line = _line_of(path, _last_quote(path))
        raise TroubleError(
            f"{path}: the quote on line {line} is never closed.",
            'Close it, or double it (`""`) where it belongs to the text.',
        )
    line_count = counter.lines - 1
    if line_count < 1:
        raise TroubleError(
            f"{path} holds a header and no record.",
            "Deliver the records, or remove the file if there is nothing to load.",
        )
    line_end = b"\r\n" if header.endswith(b"\r\n") else b"\n"
    return CsvFile(path, columns, digest.hexdigest(), line_count, size, has_mark, line_end)


def check_columns(file: CsvFile, allowed: Sequence[str]) -> None:
    """Compare a file's header with the columns of its entity; their order is free.

    Raises: ConfigurationError naming the columns that are missing, unknown or given twice, and
        those allowed.
    """
    doubled = sorted({name for name in file.columns if file.columns.count(name) > 1})
    unknown = [name for name in file.columns if name not in allowed]
    missing = [name for name in allowed if name not in file.columns]
    complaints = [
        f"{words} {', '.join(name or '(empty name)' for name in names)}"
        for words, names in (
            ("missing", missing),
            ("unknown", unknown),
            ("given twice", doubled),
        )
        if names
    ]
    if complaints:
        raise ConfigurationError(
            f"{file.path}: wrong columns: {'; '.join(complaints)}.",
            f"The header must name, in any order: {', '.join(allowed)}.",
        )


def chunks(file: CsvFile) -> Iterator[bytes]:
    """The file's bytes for COPY: byte order mark left out, empty lines filled up with commas.

    An empty line is no record to COPY but an error; as `,,,` it is a blank record, which counts and
    keeps its line number.

    Raises: TroubleError if the file has changed since it was inspected, or a line is one that
        PostgreSQL would take for the end of the data.
    """
    digest = hashlib.sha256()
    blank = b"," * (len(file.columns) - 1) + rb"\g<1>"
    is_in_quotes = False
    with _opened(file.path) as stream:
        if file.has_mark:
            digest.update(stream.read(len(BYTE_ORDER_MARK)))
        while chunk := stream.read(CHUNK_BYTES):
            # Up to a line's end, so that each chunk starts with a line.
            if not chunk.endswith(b"\n"):
                chunk += stream.readline()
            digest.update(chunk)
            if not chunk.endswith(b"\n"):
                chunk += file.line_end
            yield _mended(file.path, chunk, blank, is_in_quotes) if _needs_care(chunk) else chunk
            is_in_quotes ^= bool(chunk.count(QUOTE) % 2)
    if digest.hexdigest() != file.sha256:
        raise TroubleError(
            f"{file.path} changed while it was being loaded.", "Load it again once it is complete."
        )


def _needs_care(chunk: bytes) -> bool:
    return _BLANK_LINE.search(chunk) is not None or (
        b"\\." in chunk and _END_MARKER.search(chunk) is not None
    )


def _mended(path: Path, chunk: bytes, blank: bytes, is_in_quotes: bool) -> bytes:
    """The chunk with its empty lines filled up, those inside of quotes left alone."""
    parts = chunk.split(QUOTE)
    for place in range(int(is_in_quotes), len(parts), 2):
        part = parts[place]
        # A chunk starts with a line, but what follows a quote goes on with one.
        start = 0 if place == 0 else part.find(b"\n") + 1
        if place > 0 and start == 0:
            continue
        lines = part[start:]
        if _END_MARKER.search(lines):
            raise TroubleError(
                f"{path} has a line that holds only `\\.`, which is no record.", "Remove the line."
            )
        parts[place] = part[:start] + _BLANK_LINE.sub(blank, lines)
    return QUOTE.join(parts)


class _LineCounter:
    """Counts the line ends that stand outside of quotes, chunk by chunk, as COPY would."""

    def __init__(self) -> None:
        self.is_in_quotes = False
        self._ends = 0
        self._last = b"\n"

    def add(self, chunk: bytes) -> None:
        self._last = chunk[-1:]
        if QUOTE not in chunk:
            if not self.is_in_quotes:
                self._ends += chunk.count(b"\n")
            return
        # Only quotes and line ends matter; a pair of quotes with no line end between changes
        # nothing, so that only fields with line ends inside are left to be taken apart.
        structure = chunk.translate(None, _NOT_STRUCTURE).replace(QUOTE * 2, b"")
        if self.is_in_quotes:
            structure = QUOTE + structure
        parts = structure.split(QUOTE)
        self._ends += sum(part.count(b"\n") for part in parts[::2])
        self.is_in_quotes = len(parts) % 2 == 0

    @property
    def lines(self) -> int:
        """Lines so far, the header and an unfinished last one included."""
        return self._ends + (self._last != b"\n")


def _opened(path: Path) -> BinaryIO:
    try:
        if not path.is_file():
            raise TroubleError(f"{path} is not a file.", "Give a directory with CSV files.")
        return path.open("rb")
    except OSError as error:
        raise TroubleError(f"{path} cannot be read: {error.strerror}.") from error


def _header(path: Path, start: bytes, rest: BinaryIO) -> tuple[str, ...]:
    """The names in a file's first line; `rest` is the file after it, for the message."""
    if len(start) >= HEADER_BYTES:
        raise TroubleError(
            f"{path}: the first line is longer than a header can be.",
            "Is it really a CSV file? Start it with the columns' names.",
        )
    start = start.removeprefix(BYTE_ORDER_MARK)
    if not start.strip():
        if not rest.read(HEADER_BYTES).strip():
            raise TroubleError(f"{path} is empty.", "Deliver it with a header and records.")
        raise TroubleError(f"{path}: the first line is empty.", "Start it with the header.")
    if b"\r" in start.rstrip(b"\r\n"):
        raise TroubleError(
            f"{path}: its lines end with a carriage return only.",
            "Save it with line feeds, for example: tr '\\r' '\\n' < OLD > NEW",
        )
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, 0, error) from error
    try:
        names = next(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise TroubleError(
            f"{path}: the header's quoting cannot be read: {error}.", "Mend the first line."
        ) from error
    return tuple(name.strip() for name in names)


def _not_utf8(path: Path, offset: int, error: UnicodeDecodeError) -> TroubleError:
    """Where the first byte is that is not UTF-8; `offset` is where the chunk starts."""
    found = error.object[error.start : error.start + 1].hex()
    line = _line_of(path, max(offset + error.start, 0))
    return TroubleError(
        f"{path}, line {line}: it is not UTF-8 (byte 0x{found}).",
        "Save it as UTF-8, for example: iconv -f latin1 -t utf-8 OLD > NEW",
    )


def _line_of(path: Path, offset: int) -> int:
    """Number of the line, from 1, that a byte stands on; only for messages."""
    line = 1
    with path.open("rb") as file:
        while offset > 0 and (chunk := file.read(min(CHUNK_BYTES, offset))):
            line += chunk.count(b"\n")
            offset -= len(chunk)
    return line


def _last_quote(path: Path) -> int:
    """Offset of a file's last quote; only for messages."""
    offset = last = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            if (place := chunk.rfind(QUOTE)) >= 0:
                last = offset + place
            offset += len(chunk)
    return last
