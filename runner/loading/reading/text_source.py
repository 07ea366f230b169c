"""A text file as a stream of segments: scanned fast, and by the splitter around errors."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from runner.errors import OperationalError
from runner.loading.reading.identity import FileIdentity
from runner.loading.reading.runs import BlockScanner, Run
from runner.loading.reading.segments import FileTotals, Limits, Reader, Segment
from runner.loading.reading.splitting import Splitter
from runner.loading.reading.streams import FileStream, Stream

if TYPE_CHECKING:
    from runner.loading.reading.sender_hash import SenderHasher


@dataclass(frozen=True)
class Start:
    """The start of the records of a file.

    Attributes:
        text: Text read from there on.
        offset: Number of bytes before it.
        line_number: Its first line, from 1.
        control: Fields of the header record of the file.
    """

    text: bytes
    offset: int
    line_number: int
    control: Mapping[str, str]


@dataclass(frozen=True)
class Opening:
    """A file that is read from its start.

    Attributes:
        file: The file, for its hash and size.
        stream: Its text without a trailer record.
        start: Start of the records.
        read_trailer: Returns the fields of the trailer record after everything was read; raises
            OperationalError if it is missing. None if none is declared.
    """

    file: FileStream
    stream: Stream
    start: Start
    read_trailer: Callable[[], Mapping[str, str]] | None = None


class TextSource:
    """Segments of a delimited, JSON Lines or fixed-width file.

    The file is open only during `segments`, so that there can be thousands of sources.

    Args:
        open_file: Opens it and reads past its header.
        scanner: Finds the ends of valid records.
        splitter: Finds the ends of records around errors.
        reader: Reader for workers.
        may_be_empty: Whether a file without records is valid.
        watch: Called with each block of text, and with None at the end; may raise
            OperationalError then.
        hasher: Called with each row, if the hash of the sender is requested.
    """

    def __init__(
        self,
        identity: FileIdentity,
        open_file: Callable[[], Opening],
        scanner: BlockScanner,
        splitter: Splitter,
        reader: Reader,
        limits: Limits,
        *,
        may_be_empty: bool = False,
        watch: Callable[[bytes | None], None] | None = None,
        hasher: SenderHasher | None = None,
    ) -> None:
        self._identity = identity
        self._open_file = open_file
        self._scanner = scanner
        self._splitter = splitter
        self._reader = reader
        self._limits = limits
        self._may_be_empty = may_be_empty
        self._watch = watch
        self._hasher = hasher
        self._is_over = False
        self._totals: FileTotals | None = None

    @property
    def reader(self) -> Reader:
        """For workers."""
        return self._reader

    @property
    def totals(self) -> FileTotals:
        """Totals of the file; only after the last segment."""
        assert self._totals is not None, "totals are known after the last segment"
        return self._totals

    def segments(self) -> Iterator[Segment]:
        """The file's segments in order, streamed; once only."""
        opening = self._open_file()
        try:
            yield from self._read(opening)
        finally:
            opening.file.close()

    def _read(self, opening: Opening) -> Iterator[Segment]:
        is_plain = opening.file.is_plain
        size = self._limits.of_plain(self._identity.size) if is_plain else self._limits.segment
        builder = _Builder(opening.start, size, is_plain)
        for segment in self._scanned(opening, builder):
            if self._hasher is not None:
                for row in self._reader.rows(segment):
                    self._hasher.add(row)
            yield segment
        self._identity.check()
        control = dict(opening.start.control)
        if opening.read_trailer is not None:
            control |= opening.read_trailer()
        if not builder.row_count and not self._may_be_empty:
            raise OperationalError(
                f"{self._identity.path} holds no record.",
                "Deliver the records, or remove the file if there is nothing to load.",
            )
        if builder.row_count and self._watch is not None:
            self._watch(None)
        self._totals = FileTotals(
            sha256=opening.file.sha256,
            size_bytes=opening.file.size_bytes,
            row_count=builder.row_count,
            blank_count=None,
            control=control,
            sender_hash=self._hasher.hexdigest() if self._hasher is not None else None,
        )

    def _scanned(self, opening: Opening, builder: _Builder) -> Iterator[Segment]:
        stream = opening.stream
        text = opening.start.text
        if self._watch is not None:
            self._watch(text)
        while True:
            if not self._is_over and len(text) < self._limits.block:
                text = self._with_more(stream, text)
            found = self._scanner.scan(text, self._is_over)
            for run in found.runs:
                yield from builder.add(run, text)
            text = text[found.end :]
            if found.needs_care:
                if self._is_too_long(text):
                    text = yield from self._skip_long_line(stream, builder, text)
                    continue
                run = self._careful_run(text)
                yield from builder.add(run, text)
                text = text[run.end :]
                if run.end:
                    continue
            elif self._is_over:
                break
            text = self._with_more(stream, text)
        yield from builder.flush()

    def _with_more(self, stream: Stream, text: bytes) -> bytes:
        """The text, at least doubled, so that long records do not take quadratic time."""
        pieces = [text]
        wanted = max(self._limits.block, len(text))
        while wanted > 0:
            piece = stream.read(self._limits.block)
            if not piece:
                self._is_over = True
                break
            if self._watch is not None:
                self._watch(piece)
            pieces.append(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def _careful_run(self, text: bytes) -> Run:
        """Records up to `careful` bytes, found by the splitter; none if it needs more text."""
        place = row_count = 0
        while place < min(len(text), self._limits.careful):
            if place and self._is_too_long(text, place):
                break
            split = self._splitter.split(text, place, self._is_over)
            if split is None:
                break
            place = split.next
            row_count += 1
        return Run(0, place, row_count, text.count(b"\n", 0, place), False, False)

    def _is_too_long(self, text: bytes, start: int = 0) -> bool:
        longest = self._limits.record
        return len(text) - start > longest and text.find(b"\n", start, start + longest + 1) < 0

    def _skip_long_line(
        self, stream: Stream, builder: _Builder, text: bytes
    ) -> Generator[Segment, None, bytes]:
        """Yield the start of a line that is too long, read past it, return the text after it."""
        start = text[: self._limits.record + 1]
        length = 0
        while (place := text.find(b"\n")) < 0:
            length += len(text)
            text = b""
            if self._is_over:
                break
            text = self._with_more(stream, text)
        line_count = int(place >= 0)
        yield from builder.add_long_line(start + b"\n" * line_count, length + place + 1, line_count)
        return text[place + 1 :]


class _Builder:
    """Joins runs that are read in the same way to segments.

    Attributes:
        row_count: Number of rows so far.
    """

    def __init__(self, start: Start, size: int, is_plain: bool) -> None:
        self.row_count = 0
        self._size = size
        self._is_plain = is_plain
        self._offset = start.offset
        self._line_number = start.line_number
        self._number = 0
        self._open: Segment | None = None
        self._has_returns = False
        self._pieces: list[bytes] = []

    def add(self, run: Run, text: bytes) -> Iterator[Segment]:
        """Add a run of `text`; yields the segments that it completes."""
        if run.end == run.start:
            return
        if self._open is not None and (
            self._open.is_clean != run.is_clean
            or (run.is_clean and self._has_returns != run.has_returns)
        ):
            yield from self.flush()
        length = run.end - run.start
        if self._open is None:
            self._open = self._started(run.is_clean)
            self._has_returns = run.has_returns
        assert self._open.row_count is not None
        self._open = replace(
            self._open,
            row_count=self._open.row_count + run.row_count,
            length=self._open.length + length,
        )
        if not self._is_plain:
            self._pieces.append(text[run.start : run.end])
        self._count(run.row_count, run.line_count, length)
        if self._open.length >= self._size:
            yield from self.flush()

    def add_long_line(self, start: bytes, length: int, line_count: int) -> Iterator[Segment]:
        """Add a line of which only the start is kept; it becomes a segment of its own."""
        yield from self.flush()
        segment = replace(self._started(False), row_count=1, data=start, length=length)
        self._number += 1
        self._count(1, line_count, length)
        yield segment

    def flush(self) -> Iterator[Segment]:
        """The incomplete segment, if any."""
        if self._open is not None:
            data = None if self._is_plain else b"".join(self._pieces)
            yield replace(self._open, data=data)
            self._open, self._pieces = None, []
            self._number += 1

    def _started(self, is_clean: bool) -> Segment:
        return Segment(
            number=self._number,
            first_row_number=self.row_count + 1,
            first_line_number=self._line_number,
            row_count=0,
            data=None,
            offset=self._offset,
            length=0,
            is_clean=is_clean,
        )

    def _count(self, rows: int, lines: int, length: int) -> None:
        self.row_count += rows
        self._line_number += lines
        self._offset += length
