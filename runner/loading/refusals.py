"""Detect as early as possible that too many records of a file cannot be read."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from runner.errors import OperationalError
from runner.loading.messages import Counts

ENOUGH_RECORDS = 10_000
"""Number of records at the start of a file that are representative."""
SHOWN_REASONS = 8


class RefusalLimit:
    """Compares the share of refused records of a file with the limit.

    The start of a file is evaluated by segment in the order of the file, so that the result does
    not depend on the number of workers.

    Args:
        share: The limit, 0 to 1, of records without blank rows.
    """

    def __init__(self, path: Path, share: Decimal) -> None:
        self._path = path
        self._share = share
        self._start = Counts()
        self._all = Counts()
        self._next_segment = 0
        self._early: dict[int, Counts] = {}

    def add(self, segment_number: int, counts: Counts) -> None:
        """Add the counts of a segment.

        Raises: OperationalError if the share exceeds the limit in the first 10,000 records or more.
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
        """Compare the refused records so far with all rows of the file.

        Raises: OperationalError if they exceed the limit of the whole file.
        """
        sent = row_count - self._all.blank
        if self._all.rejected > self._share * sent:
            many = "" if self._all.read == row_count else "at least "
            raise self._too_many(self._all, f"{sent:,} records", many)

    def _too_many(self, counts: Counts, of_what: str, many: str = "") -> OperationalError:
        reasons = sorted(counts.reasons.items(), key=lambda one: (-one[1], one[0]))
        grouped = ", ".join(f"{count:,} {reason}" for reason, count in reasons[:SHOWN_REASONS])
        return OperationalError(
            f"{self._path}: {many}{counts.rejected:,} of {of_what} cannot be read ({grouped}), "
            f"more than {self._share:.2%} allow; nothing was loaded.",
            "Check the declared format. Fix the file, or raise the limit with --max-rejects.",
        )
