"""Physical lines of a segment, for formats whose records are lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from runner.loading.reading.encoding import original
from runner.loading.reading.runs import BlockScanner
from runner.loading.reading.segments import KEPT_RAW_BYTES, Limits, Reject, RejectReason


class Line(NamedTuple):
    """A line of a segment; a tuple, because there are so many.

    Attributes:
        text: Without its line end.
        row_number: Of the record it is.
        line_number: In the file.
    """

    text: bytes
    row_number: int
    line_number: int

    def reject(self, reason: RejectReason, detail: str, encoding: str) -> Reject:
        """The refused line, with its raw bytes in the encoding of the file."""
        # A few bytes more, in case a character is cut in two.
        kept = self.text[: 4 * KEPT_RAW_BYTES]
        raw = original(kept, encoding)
        length = len(raw) if len(kept) == len(self.text) else len(self.text)
        return Reject(
            self.row_number, self.line_number, reason, detail, raw[:KEPT_RAW_BYTES], length
        )


def lines(text: bytes, first_row_number: int, first_line_number: int) -> Iterator[Line]:
    """The lines of a segment; a carriage return before the line feed is part of the line end."""
    place = number = 0
    while place < len(text):
        end = text.find(b"\n", place)
        if end < 0:
            line, place = text[place:], len(text)
        else:
            line, place = text[place:end], end + 1
            if line.endswith(b"\r"):
                line = line[:-1]
        yield Line(line, first_row_number + number, first_line_number + number)
        number += 1


def too_long(longest: int) -> tuple[RejectReason, str]:
    """The detail of the refusal of a line that is too long."""
    return RejectReason.TOO_LONG, f"a line of more than {longest:,} bytes"


def line_scanner(limits: Limits) -> BlockScanner:
    """Finds lines; COPY can read none of them."""
    from runner.loading.reading.scanning import Dialect, Scanner

    dialect = Dialect(b"\n", None, 1, for_copy=False)
    return Scanner(dialect, limits.record, limits.careful)
