"""A line of a report, and the phrases that several reports share."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Line:
    """One line of a report.

    Attributes:
        text: What it says; empty for an empty line.
        style: good, bad, warn, title, faint, or empty for plain.
        indent: Columns from the left; a line too long for the terminal is wrapped below itself.
        is_verbatim: Never wrapped, so that it can be copied: a command.
    """

    text: str = ""
    style: str = ""
    indent: int = 0
    is_verbatim: bool = False


def counted(count: int, noun: str) -> str:
    """`1 record`, `2 records`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def number(value: Decimal | None) -> str:
    """A number with separators, each digit as it is; nothing at all is said so."""
    if value is None:
        return "nothing"
    return f"{value:,f}" if value.is_finite() else str(value)


def plain(value: Any) -> str:
    """A value of a report as text; NULL is a dash."""
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S %Z}".rstrip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def comparison(
    reconciliation: str, metric_name: str | None, day: date | None, grain: dict[str, Any] | None
) -> str:
    """What was compared, in words: the reconciliation, the metric, the day and the rest."""
    parts = [reconciliation, metric_name or "", day.isoformat() if day else ""]
    for key, value in (grain or {}).items():
        if value is not None and str(value) != parts[2]:
            parts.append(f"{key} {value}")
    return ", ".join(filter(None, parts))


def difference(
    expected: Decimal | None,
    actual: Decimal | None,
    discrepancy: Decimal | None,
    tolerance: str | None,
) -> str:
    """Expected, actual and what is between them, in words."""
    allowed = f", tolerance {tolerance}" if tolerance else ""
    return (
        f"expected {number(expected)}, actual {number(actual)}, "
        f"difference {number(discrepancy)}{allowed}"
    )
