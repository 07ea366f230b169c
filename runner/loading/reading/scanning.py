"""The fast scan of a block of bytes: ends of records, and what COPY may read differently."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from runner.loading.reading.blank import WHITE_SPACE
from runner.loading.reading.runs import Run, Scan
from runner.loading.reading.segments import NO_QUOTE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Places = NDArray[np.int64]
    Bytes = NDArray[np.uint8]

_LINE_FEED: Final = 10
_RETURN: Final = 13
_LONGEST_BLANK_START: Final = 64
_BLANK: Final = WHITE_SPACE.replace("\n", "").encode()
"""Bytes of blank rows other than delimiter, quote and line feed."""


@dataclass(frozen=True)
class Dialect:
    """The settings of a scan.

    Attributes:
        delimiter: In UTF-8; COPY accepts only a single byte.
        quote: One byte, or None.
        field_count: Number of columns of the file.
        for_copy: Whether COPY can read the file at all; if not, only the ends of records matter.
        is_rebuilt: Whether records are rebuilt for COPY, split at delimiters only.
        marks: Starts of header and trailer records, with and without quotes.
    """

    delimiter: bytes
    quote: bytes | None
    field_count: int
    for_copy: bool
    is_rebuilt: bool = False
    marks: tuple[bytes, ...] = ()


class Scanner:
    """Scans blocks that start with a record.

    Quotes are checked by their parity, all at once: of those that open, the byte before must be a
    delimiter, a line feed or another quote; of those that close, the byte after. As long as that
    holds, a line feed ends a record exactly if the number of quotes before it is even.

    Args:
        longest: Largest size of a record in bytes; a longer one needs care.
        careful: Number of bytes around a suspicious position that are read record by record.
    """

    def __init__(self, dialect: Dialect, longest: int, careful: int) -> None:
        self._dialect = dialect
        self._longest = longest
        self._careful = careful
        ends = bytes((_LINE_FEED,)) + dialect.delimiter[-1:] + (dialect.quote or b"")
        starts = b"\r\n" + dialect.delimiter[:1] + (dialect.quote or b"")
        self._may_open_after = _table(ends)
        self._may_close_before = _table(starts)
        # A line feed inside a quoted blank value is blank too; the first one ends the search.
        self._blank = _table(_BLANK + dialect.delimiter + (dialect.quote or b""))
        self._quote = dialect.quote[0] if dialect.quote else None
        self._can_check_quotes = len(dialect.delimiter) == 1

    def scan(self, block: bytes, is_end: bool) -> Scan:
        """Split a block into runs.

        Args:
            is_end: Whether the file ends with it, so that the last record needs no line end.
        """
        bytes_ = np.frombuffer(block, np.uint8)
        line_feeds = np.flatnonzero(bytes_ == _LINE_FEED)
        ends = line_feeds
        quotes: Places | None = None
        broken_at = len(block)
        if self._dialect.quote is not None and self._dialect.quote in block:
            quotes = np.flatnonzero(bytes_ == self._quote)
            ends = line_feeds[np.searchsorted(quotes, line_feeds) & 1 == 0]
            broken_at = self._first_broken(bytes_, quotes, is_end)
            ends = ends[: np.searchsorted(ends, broken_at)]
        is_broken = broken_at < len(block)
        if is_end and not is_broken and block and (not len(ends) or ends[-1] < len(block) - 1):
            # Count the last record, which has no line end.
            if quotes is not None and len(quotes) % 2:
                is_broken = True
            else:
                ends = np.append(ends, len(block))
        lengths = np.diff(ends, prepend=-1) - 1
        if len(ends) and int(lengths.max()) > self._longest:
            ends = ends[: int(np.argmax(lengths > self._longest))]
            is_broken = True
        end = min(int(ends[-1]) + 1, len(block)) if len(ends) else 0
        is_broken = is_broken or len(block) - end > self._longest
        return Scan(self._runs(block, bytes_, line_feeds, ends, quotes, end), end, is_broken)

    def _first_broken(self, bytes_: Bytes, quotes: Places, is_end: bool) -> int:
        """Position of the first misplaced quote; the length of the block if there is none."""
        if not self._can_check_quotes:
            # Delimiters of several bytes are rare: the splitter reads all such blocks.
            return int(quotes[0])
        opening, closing = quotes[::2], quotes[1::2]
        before = bytes_[opening - 1]
        is_wrong = ~self._may_open_after[before]
        if len(opening) and opening[0] == 0:
            is_wrong[0] = False
        place = len(bytes_)
        if is_wrong.any():
            place = int(opening[np.argmax(is_wrong)])
        if len(closing):
            is_last = closing[-1] == len(bytes_) - 1
            after = bytes_[np.minimum(closing + 1, len(bytes_) - 1)]
            is_wrong = ~self._may_close_before[after]
            if is_last:
                # The next byte is not known yet, or there is none.
                is_wrong[-1] = False
            # A carriage return must be followed by a line feed.
            returns = np.flatnonzero(after == _RETURN)
            if len(returns):
                behind = closing[returns] + 2
                known = behind < len(bytes_)
                is_lone = bytes_[np.minimum(behind, len(bytes_) - 1)] != _LINE_FEED
                is_wrong[returns] |= np.where(known, is_lone, is_end)
                if is_last:
                    is_wrong[-1] = False
            if is_wrong.any():
                place = min(place, int(closing[np.argmax(is_wrong)]))
        return place

    def _runs(
        self,
        block: bytes,
        bytes_: Bytes,
        line_feeds: Places,
        ends: Places,
        quotes: Places | None,
        end: int,
    ) -> list[Run]:
        if not len(ends):
            return []
        if not self._dialect.for_copy or (
            self._dialect.is_rebuilt and self._needs_escapes(block, bytes_)
        ):
            lines = int(np.searchsorted(line_feeds, end))
            return [Run(0, end, len(ends), lines, False, False)]
        starts = np.concatenate(([0], ends[:-1] + 1))
        has_returns = bytes_[np.maximum(ends - 1, 0)] == _RETURN
        if ends[-1] == len(bytes_):
            has_returns[-1] = has_returns[:1].any() and len(ends) > 1
        most_have = bool(np.count_nonzero(has_returns) * 2 > len(has_returns))
        suspects = [
            starts[has_returns != most_have],
            self._lone_returns(block, bytes_, quotes, end),
            self._blank_rows(bytes_, starts),
            *(self._starting_with(bytes_, starts, mark) for mark in self._dialect.marks),
            self._starting_with(bytes_, starts, rb"\."),
        ]
        if b"\0" in block:
            suspects.append(np.flatnonzero(bytes_[:end] == 0))
        if self._dialect.quote is None and NO_QUOTE in block:
            suspects.append(np.flatnonzero(bytes_[:end] == NO_QUOTE[0]))
        suspects.append(self._wrong_counts(bytes_, starts, ends, quotes, end))
        suspects.append(self._no_text(block, end))
        return self._cut(np.concatenate(suspects), line_feeds, ends, end, most_have)

    def _needs_escapes(self, block: bytes, bytes_: Bytes) -> bool:
        """Whether there is a quoted value, or a character that JSON requires to be escaped."""
        special = (b'"', b"\\", self._dialect.quote or NO_QUOTE)
        if any(one in block for one in special):
            return True
        allowed = np.count_nonzero(bytes_ == _LINE_FEED) + np.count_nonzero(bytes_ == _RETURN)
        if self._dialect.delimiter[0] < ord(" "):
            allowed += np.count_nonzero(bytes_ == self._dialect.delimiter[0])
        return bool(np.count_nonzero(bytes_ < ord(" ")) != allowed)

    def _lone_returns(self, block: bytes, bytes_: Bytes, quotes: Places | None, end: int) -> Places:
        """Carriage returns outside quotes that are not followed by a line feed."""
        if b"\r" not in block:
            return np.empty(0, np.int64)
        returns = np.flatnonzero(bytes_[:end] == _RETURN)
        behind = np.minimum(returns + 1, len(bytes_) - 1)
        is_lone = (bytes_[behind] != _LINE_FEED) | (returns + 1 >= len(bytes_))
        if quotes is not None:
            is_lone &= np.searchsorted(quotes, returns) & 1 == 0
        lone: Places = returns[is_lone]
        return lone

    def _blank_rows(self, bytes_: Bytes, starts: Places) -> Places:
        """Starts of possibly blank records: only bytes of blank rows up to a line feed."""
        found = [starts[starts >= len(bytes_)]]
        left = starts[starts < len(bytes_)]
        for distance in range(_LONGEST_BLANK_START):
            places = left + distance
            is_over = places >= len(bytes_)
            found.append(left[is_over])
            left, places = left[~is_over], places[~is_over]
            here = bytes_[places]
            found.append(left[here == _LINE_FEED])
            left = left[self._blank[here]]
            if not len(left):
                break
        return np.concatenate([*found, left])

    def _starting_with(self, bytes_: Bytes, starts: Places, mark: bytes) -> Places:
        for distance, byte in enumerate(mark):
            starts = starts[starts + distance < len(bytes_)]
            starts = starts[bytes_[starts + distance] == byte]
            if not len(starts):
                break
        return starts

    def _wrong_counts(
        self, bytes_: Bytes, starts: Places, ends: Places, quotes: Places | None, end: int
    ) -> Places:
        """Starts of records with a wrong number of delimiters, as far as a cheap test finds them.

        Delimiters inside quotes are counted as well, so that with quotes only records with too few
        are found; COPY finds the others.
        """
        is_delimiter = bytes_[:end] == self._dialect.delimiter[0]
        wanted = self._dialect.field_count - 1
        found = int(np.count_nonzero(is_delimiter))
        is_likely = found == wanted * len(ends) or (
            quotes is not None and found > wanted * len(ends)
        )
        if is_likely and not self._dialect.is_rebuilt:
            return np.empty(0, np.int64)
        delimiters = np.flatnonzero(is_delimiter)
        counts = np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts)
        is_wrong = counts < wanted if quotes is not None else counts != wanted
        return starts[is_wrong]

    def _no_text(self, block: bytes, end: int) -> Places:
        """Positions of invalid UTF-8, one for each stretch of `careful` bytes."""
        found: list[int] = []
        if not block.isascii():
            view = memoryview(block)[:end]
            place = 0
            while place < end:
                try:
                    codecs.utf_8_decode(view[place:], "strict", True)
                    break
                except UnicodeDecodeError as error:
                    found.append(place + error.start)
                    place = (found[-1] // self._careful + 1) * self._careful
                    while place < end and block[place] & 0xC0 == 0x80:
                        place += 1  # the rest of a character
        return np.array(found, np.int64)

    def _cut(
        self, suspects: Places, line_feeds: Places, ends: Places, end: int, most_have: bool
    ) -> list[Run]:
        """Runs: `careful` bytes around a suspicious position are read record by record."""
        if not len(suspects):
            lines = int(np.searchsorted(line_feeds, end))
            return [Run(0, end, len(ends), lines, True, most_have)]
        stretches = ends // self._careful
        records = np.minimum(np.searchsorted(ends, suspects), len(ends) - 1)
        is_suspect = np.zeros(int(stretches[-1]) + 1, bool)
        is_suspect[stretches[records]] = True
        is_clean = ~is_suspect[stretches]
        changes = np.flatnonzero(is_clean[1:] != is_clean[:-1]) + 1
        runs = []
        first = 0
        for last in [*changes.tolist(), len(ends)]:
            start = int(ends[first - 1]) + 1 if first else 0
            stop = min(int(ends[last - 1]) + 1, end)
            lines = int(np.searchsorted(line_feeds, stop) - np.searchsorted(line_feeds, start))
            runs.append(Run(start, stop, last - first, lines, bool(is_clean[first]), most_have))
            first = last
        return runs


def _table(members: bytes) -> NDArray[np.bool_]:
    """Whether a byte is one of these."""
    table = np.zeros(256, np.bool_)
    table[list(members)] = True
    return table
