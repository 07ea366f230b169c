"""The hash that a sender computes of the content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.errors import ConfigurationError
from runner.loading.reading.columns import ColumnMap
from runner.loading.reading.segments import Record, Row


@dataclass(frozen=True)
class SenderHash:
    """The hash of the sender: SHA-256 over fields of the readable records, in order.

    Attributes:
        columns: The fields; landing need not have them.
        delimiter: Text between the fields of a record.
        separator: Text between records.
        null: Text for NULL.
        encoding: Encoding of the hashed text.
    """

    columns: tuple[str, ...]
    delimiter: str = "|"
    separator: str = "\n"
    null: str = ""
    encoding: str = "utf-8"


class SenderHasher:
    """Computes it row by row.

    Args:
        columns: Columns of the file; None if only its records show them.
    Raises: ConfigurationError for a field that the file does not have.
    """

    def __init__(
        self,
        declared: SenderHash,
        path: Path,
        columns: ColumnMap | None,
        wanted: Sequence[str] = (),
    ) -> None:
        if not declared.columns:
            raise ConfigurationError("The hash of the sender has no fields.", "List its fields.")
        if columns is not None:
            for name in declared.columns:
                if name not in columns.found:
                    raise ConfigurationError(
                        f"{path} has no column {name}, which is a field of the hash of the sender.",
                        f"It has {', '.join(columns.found)}.",
                    )
            wanted = columns.columns
        self._declared = declared
        self._positions = [
            (wanted.index(name) if name in wanted else None, name) for name in declared.columns
        ]
        self._digest = hashlib.sha256()
        self._is_first = True

    def add(self, row: Row) -> None:
        """Add a row; blank and refused rows are not hashed."""
        if not isinstance(row, Record):
            return
        declared = self._declared
        extra = row.extra or {}
        values = [
            row.values[position] if position is not None else extra.get(name)
            for position, name in self._positions
        ]
        text = declared.delimiter.join(declared.null if one is None else one for one in values)
        if not self._is_first:
            text = declared.separator + text
        self._is_first = False
        self._digest.update(text.encode(declared.encoding, "replace"))

    def hexdigest(self) -> str:
        """Hash of all rows so far."""
        return self._digest.hexdigest()
