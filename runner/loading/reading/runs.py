"""What a scan tells of a block of bytes: runs of whole records, and where they end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Run:
    """Whole records of a block that go the same way.

    Attributes:
        start: Of the first, in the block.
        end: Behind the last one's line end.
        row_count: Records.
        line_count: Line feeds, those inside quotes included.
        is_clean: Whether COPY reads just these records.
        has_returns: Whether their lines end with a carriage return and a line feed. COPY wants
            them all alike in one statement.
    """

    start: int
    end: int
    row_count: int
    line_count: int
    is_clean: bool
    has_returns: bool


@dataclass(frozen=True)
class Scan:
    """What a block holds.

    Attributes:
        runs: Whole records from the block's start.
        end: Where they end; a record that is not complete follows.
        needs_care: Whether it is a broken or overlong one, which the splitter must look at.
    """

    runs: list[Run]
    end: int
    needs_care: bool


class BlockScanner(Protocol):
    """Finds whole records in blocks that start with a record."""

    def scan(self, block: bytes, is_end: bool) -> Scan:
        """Take a block apart.

        Args:
            is_end: Whether the file ends with it, so that the last record needs no line end.
        """
