"""Header and trailer records of a file, which hold its control totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from runner.errors import OperationalError
from runner.loading.reading.formats import ControlRecord


def last_line(text: bytes) -> tuple[bytes, bytes]:
    """Split the end of a text before its last line that is not blank; return both parts."""
    line = text.rstrip(b" \t\r\n\x1a")
    start = line.rfind(b"\n") + 1
    return text[:start], line[start:]


def control_values(
    path: Path, what: str, declared: ControlRecord, found: Sequence[str], values: Sequence[str]
) -> Mapping[str, str]:
    """The values of a control record, by the names of its fields.

    Args:
        what: header or trailer.
        found: Its type in the file; empty if there is none.
        values: Values of its fields, in the order of `declared.names`, or of `declared.fields`.
    Raises: OperationalError if it is not a control record, or has more or fewer values than
        declared.
    """
    place = "first" if what == "header" else "last"
    if not found or found[0].strip() != declared.type:
        raise OperationalError(
            f"{path}: the {place} record is not a {what} ({declared.type}).",
            "The file may be truncated; ask for it again, or correct the declared format.",
        )
    names = declared.fields or declared.names
    if len(values) < len(names) or any(values[len(names) :]):
        raise OperationalError(
            f"{path}: the {what} has {len(values)} values, not {len(names)}: {', '.join(names)}.",
            "Ask for it again, or correct the declared format.",
        )
    return {name: value for name, value in zip(names, values, strict=False) if name}
