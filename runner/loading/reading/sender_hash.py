"""The hash that a sender made of what he sent."""

from __future__ import annotations

from dataclasses import dataclass


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
