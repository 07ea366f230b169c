"""A file's own header and trailer records, which say what it should hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from runner.errors import TroubleError
from runner.loading.reading.formats import ControlRecord


def last_line(text: bytes) -> tuple[bytes, bytes]:
    """A text's end parted into what comes before its last line, and that without blank lines."""
    line = text.rstrip(b" \t\r\n\x1a")
    start = line.rfind(b"\n") + 1
    return text[:start], line[start:]


def control_values(
    path: Path, what: str, declared: ControlRecord, found: Sequence[str], values: Sequence[str]
) -> Mapping[str, str]:
    """What a control record says, by the names of its fields.

    Args:
        what: header or trailer.
        found: Its type, as it stands in the file; empty where there is none.
        values: Of its fields, in the order of `declared.names`, or of `declared.fields`.
    Raises: TroubleError if it is no such record, or has more or fewer values than declared.
    """
    place = "first" if what == "header" else "last"
    if not found or found[0].strip() != declared.type:
        raise TroubleError(
            f"{path}: the {place} record is no {what} ({declared.type}).",
            "The file may be cut off; have it sent again, or correct the declared format.",
        )
    names = declared.fields or declared.names
    if len(values) < len(names) or any(values[len(names) :]):
        raise TroubleError(
            f"{path}: the {what} has {len(values)} values, not {len(names)}: {', '.join(names)}.",
            "Have it sent again, or correct the declared format.",
        )
    return {name: value for name, value in zip(names, values, strict=False) if name}
