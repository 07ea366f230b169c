"""The hash that a sender made of what he sent."""

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
    """The sender's own hash: SHA-256 over named fields of the records that can be read, in order.

    Attributes:
        columns: The fields, of landing or not.
        delimiter: Between the fields of a record.
        separator: Between records.
        null: What stands for NULL.
        encoding: Of the text that is hashed.
    """

    columns: tuple[str, ...]
    delimiter: str = "|"
    separator: str = "\n"
    null: str = ""
    encoding: str = "utf-8"


class SenderHasher:
    """Computes it row by row.

    Args:
        columns: Of the file; None where only its records tell.
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
            raise ConfigurationError("The sender's hash names no field.", "Name its columns.")
        if columns is not None:
            for name in declared.columns:
                if name not in columns.found:
                    raise ConfigurationError(
                        f"{path} has no column {name}, which is part of the sender's hash.",
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
        """Take a row in; those that are blank or refused are none of the sender's records here."""
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
        """Of all rows so far."""
        return self._digest.hexdigest()
