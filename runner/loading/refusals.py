"""Whether too much of a file cannot be read, told as early as it is sure."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from runner.errors import TroubleError
from runner.loading.messages import Counts

ENOUGH_RECORDS = 10_000
"""So many records from a file's start on tell what it is like."""
SHOWN_REASONS = 8


class RefusalLimit:
    """Holds the share of a file's records that are refused against what is allowed.

    A file's start is judged segment by segment in the file's order, whoever read them first, so
    that the outcome is the same with any number of workers.

    Args:
        share: What is allowed, 0 to 1, of records without blank rows.
    """

    def __init__(self, path: Path, share: Decimal) -> None:
        self._path = path
        self._share = share
        self._start = Counts()
        self._all = Counts()
        self._next_segment = 0
        self._early: dict[int, Counts] = {}

    def add(self, segment_number: int, counts: Counts) -> None:
        """Take in what came of a segment.

        Raises: TroubleError if too much is refused of the file's first 10,000 records and more.
        """
        self._all += counts
        self._early[segment_number] = counts
        while (following := self._early.pop(self._next_segment, None)) is not None:
            self._start += following
            self._next_segment += 1
            sent = self._start.written + self._start.rejected
            if sent >= ENOUGH_RECORDS and self._start.rejected > self._share * sent:
                raise self._too_many(self._start, f"the first {sent:,} records")

    def check(self, row_count: int) -> None:
        """Hold what is refused so far against all rows of the file.

        Raises: TroubleError if it is too much, whatever is still to come.
        """
        sent = row_count - self._all.blank
        if self._all.rejected > self._share * sent:
            many = "" if self._all.read == row_count else "at least "
            raise self._too_many(self._all, f"{sent:,} records", many)

    def _too_many(self, counts: Counts, of_what: str, many: str = "") -> TroubleError:
        reasons = sorted(counts.reasons.items(), key=lambda one: (-one[1], one[0]))
        grouped = ", ".join(f"{count:,} {reason}" for reason, count in reasons[:SHOWN_REASONS])
        return TroubleError(
            f"{self._path}: {many}{counts.rejected:,} of {of_what} cannot be read ({grouped}), "
            f"more than {self._share:.2%} allow; nothing was loaded.",
            "Is the format declared right? Mend the file, or allow more with --max-rejects.",
        )
