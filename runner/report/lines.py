"""A line of a report, and phrases that several reports use."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\u3164\ufeff\uffa0\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Characters that a terminal obeys, XML forbids, nobody sees, or that look like a blank."""
LONGEST_TEXT, SHOWN_FIRST, SHOWN_LAST = 1_000, 600, 200
"""A longer text is shown by its first and last characters."""


@dataclass(frozen=True)
class Line:
    """One line of a report.

    Attributes:
        text: Its text; empty for an empty line.
        style: good, bad, warn, title, faint, or empty for plain.
        indent: Columns from the left; a wrapped line keeps its indent.
        is_verbatim: Never wrapped, such as a command to copy.
    """

    text: str = ""
    style: str = ""
    indent: int = 0
    is_verbatim: bool = False


def visible(text: str) -> str:
    """A text with its control and invisible characters written out, as `<U+200B>`.

    Line breaks and tabs stay; a carriage return before a line break goes.
    """
    return HARMFUL.sub(lambda found: f"<U+{ord(found[0]):04X}>", text.replace("\r\n", "\n"))


def shortened(text: str) -> str:
    """A long text without its middle, whose length is given: a value may have megabytes."""
    if len(text) <= LONGEST_TEXT:
        return text
    left_out = len(text) - SHOWN_FIRST - SHOWN_LAST
    return f"{text[:SHOWN_FIRST]} … {left_out:,} characters … {text[-SHOWN_LAST:]}"


def counted(count: int, noun: str) -> str:
    """`1 record`, `2 records`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def number(value: Decimal | None) -> str:
    """A number with thousands separators and all its digits; `nothing` for None."""
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
    reconciliation: str,
    metric_name: str | None,
    day: date | str | None,
    grain: dict[str, Any] | None,
) -> str:
    """The subject of a comparison: reconciliation, metric, day, and the rest of the grain."""
    parts = [
        reconciliation,
        metric_name or "",
        day.isoformat() if isinstance(day, date) else day or "",
    ]
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
    """Expected and actual value, their difference, and the tolerance."""
    allowed = f", tolerance {tolerance}" if tolerance else ""
    return (
        f"expected {number(expected)}, actual {number(actual)}, "
        f"difference {number(discrepancy)}{allowed}"
    )
