"""Texts to be read as types, and how Python reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Context, Decimal
from itertools import product
from typing import Any
from uuid import UUID

from runner.loading.reading.blank import WHITE_SPACE

SPACE = WHITE_SPACE
EXACT = Context(prec=150_000)
MOST_FRACTION = 16383
"""Digits after the point that a numeric can have at all."""
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_GROUPED = re.compile(
    r"[-+]?[0-9]{1,3}(?:(,[0-9]{3})+|([ \u00a0\u2009\u202f][0-9]{3})+)(\.[0-9]*)?"
)
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?"
    r" ?(?:(Z)|([-+])(\d\d)(?::?(\d\d))?)?)?",
    re.ASCII,
)
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d\d)(?::(\d\d))?)?", re.ASCII)
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def read_text(text: str) -> str | None:
    return text.strip(SPACE) or None


def read_number(digits: int, scale: int) -> Callable[[str], Decimal | None]:
    """Reads numbers of at most so many digits before and after the point, without loss."""

    def read(text: str) -> Decimal | None:
        written = text.strip(SPACE)
        if not _NUMBER.fullmatch(written) and not _GROUPED.fullmatch(written):
            return None
        whole, _, fraction = re.sub("[-+, \u00a0\u2009\u202f]", "", written).partition(".")
        if len(whole.lstrip("0")) > digits or len(fraction.rstrip("0")) > scale:
            return None
        if len(fraction) > MOST_FRACTION:
            return None
        sign = "-" if written.startswith("-") else ""
        return EXACT.create_decimal(f"{sign}{whole or '0'}.{fraction or '0'}")

    return read


def read_integer(bits: int) -> Callable[[str], Decimal | None]:
    def read(text: str) -> Decimal | None:
        number = read_number(19, 0)(text)
        limit = 2 ** (bits - 1)
        return number if number is not None and -limit <= number < limit else None

    return read


def read_time(text: str) -> datetime | None:
    """ISO 8601 or US form, as UTC; the US form needs a time of day."""
    iso, us = _ISO.fullmatch(text.strip(SPACE)), _US.fullmatch(text.strip(SPACE))
    if iso:
        year, month, day, hour, minute, second, fraction, _, sign, ahead, ahead_minutes = (
            iso.groups()
        )
    elif us and us[4]:
        month, day, year, hour, minute, second = us.groups()
        fraction = sign = ahead = ahead_minutes = None
    else:
        return None
    if int(ahead or 0) > 14 or int(ahead_minutes or 0) > 59:
        return None
    offset = timedelta(hours=int(ahead or 0), minutes=int(ahead_minutes or 0))
    try:
        moment = datetime(
            *(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0)),
            microsecond=int((fraction or "").ljust(6, "0")),
            tzinfo=timezone.utc,
        )
        return moment + offset if sign == "-" else moment - offset
    except (ValueError, OverflowError):
        return None


def read_date(text: str) -> date | None:
    """A day alone, in either form."""
    written = text.strip(SPACE)
    if len(written) == 10 and "-" in written:
        moment = read_time(written)
    elif "/" in written and ":" not in written:
        moment = read_time(written + " 0:00")
    else:
        return None
    return moment and moment.date()


def read_boolean(text: str) -> bool | None:
    word = text.strip(SPACE).lower()
    if word in ("true", "t", "yes", "y", "1"):
        return True
    return False if word in ("false", "f", "no", "n", "0") else None


def read_uuid(text: str) -> UUID | None:
    return UUID(text.strip(SPACE)) if _UUID.fullmatch(text.strip(SPACE)) else None


READERS: dict[str, Callable[[str], Any]] = {
    "text": read_text,
    "integer": read_integer(32),
    "bigint": read_integer(64),
    "numeric": read_number(131072, 16383),
    "numeric(14,2)": read_number(12, 2),
    "numeric(5,0)": read_number(5, 0),
    "numeric(4,4)": read_number(0, 4),
    "date": read_date,
    "timestamptz": read_time,
    "boolean": read_boolean,
    "uuid": read_uuid,
}
"""How Python reads each type `parse` takes; None where it cannot be read without loss."""

NUMBERS = (
    *("", " ", "0", "00", "-0", "+0", "1", "+1", "-1", "--1", "+-1", "1-", "1.", ".1", "-.1", "."),
    *("-", "+", "1.0", "1.00", "1.000", "1.001", "1.010", "12.345", "12.5.0", "1..2", "1e3", "1E3"),
    *("NaN", "nan", "Infinity", "-inf", "0x10", "0b1", "1_000", "1,000", "1,000.50", "-1,234,567"),
    *("1,00", "10,00", "1,0000", ",100", "1,,000", "1000,000", "1,000,00", "1,000.5.0", "1,000."),
    *("1 000", "1 000 000.25", "1 00", "12 34", "1  000", "1, 000", "1,000 000", "1 000,000"),
    *(" 7 ", "\t7", "7\n", "\r\n7\t", "7 ", " 7.50 ", "7\x0b", "7\x0c", "7\u00a0", "\u20097"),
    *(
        "\u20287\u2029",
        "\u0085 7.50\u3000",
        "\ufeff7",
        "\u200b7",
        "7\u180e",
        "\x1c7",
        "\u00a0",
        "\u2060",
    ),
    *(
        "1\u00a0234",
        "1\u202f234\u202f567.25",
        "1\u2009234,50",
        "1\u2007234",
        "1\u00a023",
        "-1\u00a0234 ",
    ),
    *("$7", "7 USD", "7%", "7,5", "12,34.5", "ten", "١٢", "１２", "²", "½", "7'000", "7.000,50"),
    *("999999999999", "999999999999.99", "999999999999.994", "999999999999.995", "1000000000000"),
    *("0000999999999999.9900", "-999999999999.99", "999,999,999,999.99", "9,999,999,999,999"),
    *("99999", "99999.0", "99999.4", "99999.5", "100000", "0.9999", ".9999", "0.99991", "1.0000"),
    *("0.00005", "-0.9999", "2147483647", "2147483648", "-2147483648", "-2147483649"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775808"),
    *("-9223372036854775809", "12345678901234567890", "12345678901234567890.123456789"),
    *("2147483647.0", "2147483647.5", "2,147,483,647", "1" * 19, "1" * 20, "0" * 30 + "7"),
    *("1" * 131072, "1" * 131073, "0." + "1" * 16383, "0." + "1" * 16384, "0." + "1" + "0" * 16390),
    *("1,000.1" + "0" * 16390, "0" * 131100 + "7", "1,000.10", "0" * 40 + "1.50", "1" + ",000" * 9),
    *("2026\t\t", "\t\t2026", "99999\r\n", "12345678901234567890 ", "0001234 \n", "-12345\t"),
)
DAYS = (
    *("2026-01-05", "2026-02-28", "2026-02-29", "2024-02-29", "2000-02-29", "1900-02-29"),
    *("2026-02-30", "2026-04-31", "2026-12-31", "2026-13-01", "2026-00-10", "2026-01-00"),
    *("0001-01-01", "0000-01-01", "9999-12-31", "10000-01-01", "-001-01-01", "2026-1-5"),
    *("20260105", "2026/01/05", "26-01-05", "2026-01-32", "2026-W01-1", "2026-005"),
)
HOURS = (
    *("", "T10:00", " 10:00", "T10:00:00", "T10:00:00Z", "T10:00Z", " 10:00:00 Z", "T10:00:00z"),
    *("T23:59:59", "T24:00:00", "T24:00", "T23:60:00", "T23:59:60", "T25:00:00", "T1:00", "T10"),
    *("T10:00:00.1", "T10:00:00.123456Z", "T10:00:00.1234567", "T10:00:00.", "T10:00:00,5"),
    *("T10:00:00+01:00", "T10:00+0100", "T10:00-03", "T10:00:00 -03:00", "T10:00:00+14:00"),
    *("T10:00:00+14:59", "T10:00:00+15:00", "T10:00:00-14:30", "T10:00:00+01:60", "T10:00+1"),
    *("T10:00:00+01:00:00", "T10:00:00 UTC", "T10:00:00 BRT", "T10:00:00+", "T10:00:00Z+01"),
    *("Z", "+01:00", " ", "T", "  10:00:00", "T10:00:00  Z", "T10.00", "T10:00:24", "T10:24:00"),
    *("T00:00:60Z", "T10:60Z", "T24:00:00Z", "T00:24:00Z", "T10:0:00", "T10:00:0", "t10:00:00"),
)
US_TIMES = (
    *("1/5/2026 10:00", "01/05/2026 10:00", "1/5/2026", "13/1/2026 10:00", "1/32/2026 10:00"),
    *("2/29/2026 0:00", "2/29/2024 0:00", "2/29/2024", "12/31/2026 23:59:59", "1/5/2026 24:00"),
    *("1/5/2026 9:60", "1/5/2026 1:00 PM", "1/5/26 10:00", "0/5/2026 1:00", "1/0/2026 1:00"),
    *("1/5/0000 1:00", "1/5/0001 1:00", "1/5/9999 1:00", " 1/5/2026 10:00 ", "\t1/5/2026 10:00\n"),
    *("1/5/2026  10:00", "1/5/2026T10:00", "1/5/2026 10:00Z", "1/5/2026 10", "001/5/2026 1:00"),
    *("1/5/2026 10:00:00.5", "4/31/2026 10:00", "1-5-2026 10:00", "1/5/2026 1:0", "1/5/2026\t1:00"),
    *("1/5/2026\x0b", "1/5/2026\u00a01:00", "/1/2026", "1//2026", "1/5", "12/31/2026"),
)
WORDS = (
    *("true", "T", "yes", "Y", "1", "false", "F", "no", "N", "0", "on", "off", "TRUE ", "tru", "2"),
    *("now", "today", "infinity", "-infinity", "epoch", "soon", "5th of May", "Jan 5 2026", "NULL"),
    *("9f1c3b1e-8a55-4f0e-9d6e-2f6a1b7c9d10", "9F1C3B1E-8A55-4F0E-9D6E-2F6A1B7C9D10"),
    *("{9f1c3b1e-8a55-4f0e-9d6e-2f6a1b7c9d10}", "9f1c3b1e8a554f0e9d6e2f6a1b7c9d10"),
    *(" 9f1c3b1e-8a55-4f0e-9d6e-2f6a1b7c9d10 ", "9f1c3b1e-8a55-4f0e-9d6e-2f6a1b7c9d1g"),
    *("é", "a'b", 'a"b', "a\\b", "\\x41", "%", "_", "a\tb", "\ufeff1", "O'Neil", "\u2212" + "1"),
)
TEXTS = (
    *NUMBERS,
    *(day + hour for day, hour in product(DAYS[:1], HOURS)),
    *(day + hour for day, hour in product(DAYS[1:], HOURS[:6])),
    *(
        f"{edge}2026-01-05T10:00:00Z{edge}"
        for edge in (" ", "\t", "\n", "\u00a0", "\ufeff", "\u200b")
    ),
    *(
        f"\u2003{text}\u202f"
        for text in ("2026-01-05", "1/5/2026", "1/5/2026 10:00", "TRUE", "no", "x")
    ),
    *(
        "\u30009f1c3b1e-8a55-4f0e-9d6e-2f6a1b7c9d10\u0085",
        "\u3000",
        "\u2028\ufeff",
        "\u200b",
        "\u2060 x",
    ),
    *("    2026-01-05", "    2026-01-05 10:00", "    2026-01-05T10:00:00-03", "     2026-01-05Z"),
    *("0001-01-01T00:00:00-14:00", "9999-12-31T23:59:59.999999+14:00", "9999-12-31T23:59:59Z"),
    *US_TIMES,
    *WORDS,
)
