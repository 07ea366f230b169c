"""Results of the scan of a block of bytes: runs of whole records, and their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Run:
    """Whole records of a block that are read in the same way.

    Attributes:
        start: Start of the first record in the block.
        end: End of the last record, after its line end.
        row_count: Number of records.
        line_count: Number of line feeds, including those inside quotes.
        is_clean: Whether COPY reads exactly these records.
        has_returns: Whether lines end with carriage return and line feed, which must be the same
            for all lines of a COPY.
    """

    start: int
    end: int
    row_count: int
    line_count: int
    is_clean: bool
    has_returns: bool


@dataclass(frozen=True)
class Scan:
    """The records of a block.

    Attributes:
        runs: Whole records from the start of the block.
        end: End of these records; an incomplete record follows.
        needs_care: Whether that record is broken or too long, so that the splitter must read it.
    """

    runs: list[Run]
    end: int
    needs_care: bool


class BlockScanner(Protocol):
    """Finds whole records in blocks that start with a record."""

    def scan(self, block: bytes, is_end: bool) -> Scan:
        """Split a block into runs.

        Args:
            is_end: Whether the file ends with it, so that the last record needs no line end.
        """
