"""How Python reads texts written in formats that an entity declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from itertools import chain, product
from typing import Any
from zoneinfo import ZoneInfo

from .reading import (
    DAYS,
    EXACT,
    HOURS,
    MOST_FRACTION,
    NUMBERS,
    SPACE,
    US_TIMES,
    WORDS,
    read_number,
    read_time,
)

OVERPUNCHED = "{ABCDEFGHI}JKLMNOPQR"
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d\d)(?::(\d\d))?)?", re.ASCII)
_PATTERN_WORDS = re.compile("YYYY|MM|DD|HH24|MI|SS")
_CURRENCY = r"(?:[A-Z]{3}|[A-Z]{0,2}[$\u00a2-\u00a5\u20a0-\u20cf]|kr|Kč|zł|Ft)"
_CURRENCY_FIRST = re.compile(
    rf"([-+(]?){_CURRENCY}[ \u00a0\u202f]?([-+]?[0-9.,].*)", re.S | re.ASCII
)
_CURRENCY_LAST = re.compile(rf"(.*[0-9.,])[ \u00a0\u202f]?{_CURRENCY}([-+)]?)", re.S | re.ASCII)
_APOSTROPHES = re.compile(r"[-+]?[0-9]{1,3}(['\u2019][0-9]{3})+([.,][0-9]*)?")
_SWAP = str.maketrans(".,", ",.")


def only(values: Iterable[Any]) -> Any:
    """The one value that all of them are, None left out; None if there are several or none."""
    found = {value for value in values if value is not None}
    return found.pop() if len(found) == 1 else None


def read_with_mark(text: str, digits: int, scale: int, marks: str) -> Decimal | None:
    """With these decimal marks, each of which makes the other one a separator of thousands."""
    readings = {
        mark: read_number(131072, MOST_FRACTION)(text if mark == "." else text.translate(_SWAP))
        for mark in marks
    }
    if only(readings.values()) is None:
        return None
    mark = next(mark for mark, value in readings.items() if value is not None)
    return read_number(digits, scale)(text if mark == "." else text.translate(_SWAP))


def read_coded(text: str, digits: int, scale: int, implied: int, sign: str) -> Decimal | None:
    """Digits alone, the last of them after an implied mark; signed as declared."""
    written = text.strip(SPACE)
    is_negative = written.startswith("-")
    if sign == "overpunch":
        place = OVERPUNCHED.find(written[-1:] or "?")
        is_negative = place >= 10
        if place >= 0:
            written = written[:-1] + str(place % 10)
    else:
        written = written[written[:1] in ("+", "-") :]
    if not re.fullmatch("[0-9]+", written):
        return None
    padded = written.rjust(implied + 1, "0")
    whole, fraction = padded[: len(padded) - implied], padded[len(padded) - implied :]
    if len(whole.lstrip("0")) > digits or len(fraction.rstrip("0")) > scale:
        return None
    return EXACT.create_decimal(f"{'-' if is_negative else ''}{whole}.{fraction or '0'}")


def plain_number(text: str, forms: tuple[str, ...]) -> str:
    """A number in one of the forms as others are written; any other text as it is."""
    written = text.strip(SPACE)
    if "dashes" in forms:
        written = written.replace("\u2212", "-").replace("\u2013", "-")
    if "currency" in forms:
        found = _CURRENCY_FIRST.fullmatch(written) or _CURRENCY_LAST.fullmatch(written)
        written = found[1] + found[2] if found else written
    if "parentheses" in forms and re.fullmatch(r"\( ?[0-9.,].*\)", written, re.S):
        written = f"-{written[1:-1].strip(' ')}"
    if "trailing_sign" in forms and re.fullmatch(r"[0-9.,].*[-+]", written, re.S):
        written = written[-1] + written[:-1].rstrip(" ")
    if "apostrophes" in forms and _APOSTROPHES.fullmatch(written):
        written = written.replace("'", "").replace("\u2019", "")
    return written


def local_readings(text: str, forms: Iterable[str], *, is_date: bool) -> set[datetime]:
    """The local times that a text may mean, without what says its offset."""
    return {
        found
        for form in forms
        for found in [local_reading(text.strip(SPACE), form, is_date=is_date)]
        if found is not None
    }


def local_reading(text: str, form: str, *, is_date: bool) -> datetime | None:
    if form == "iso":
        if "/" in text or re.search("[-+Z]", text[10:]) or (is_date and len(text) != 10):
            return None
        moment = read_time(text)
        return moment.replace(tzinfo=None) if moment else None
    if form == "excel":
        if not re.fullmatch(r"[0-9]{2,7}(\.[0-9]{0,15})?", text):
            return None
        days, rest = divmod(Decimal(text), 1)
        if not 61 <= Decimal(text) <= 2_958_465 or (is_date and rest):
            return None
        milliseconds = (rest * 86_400_000).quantize(Decimal(1), ROUND_HALF_UP)
        return datetime(1899, 12, 30) + timedelta(days=int(days), milliseconds=int(milliseconds))
    if form in ("us", "eu"):
        found = _SLASHED.fullmatch(text)
        if not found or is_date == bool(found[4]):
            return None
        first, second, year, *time = (int(one or 0) for one in found.groups())
        month, day = (first, second) if form == "us" else (second, first)
    else:
        names = _PATTERN_WORDS.findall(form)
        between = map(re.escape, _PATTERN_WORDS.split(form))
        digits = (rf"(\d{{{4 if name == 'YYYY' else 2}}})" for name in (*names, "end"))
        shape = "".join(chain.from_iterable(zip(between, digits, strict=True)))
        matched = re.fullmatch(shape.removesuffix(r"(\d{2})"), text, re.ASCII)
        if not matched:
            return None
        parts = dict(zip(names, map(int, matched.groups()), strict=True))
        year, month, day = parts["YYYY"], parts["MM"], parts["DD"]
        time = [parts.get(word, 0) for word in ("HH24", "MI", "SS")]
    try:
        hour, minute, second = time
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


def read_local_time(text: str, forms: tuple[str, ...], zone: str) -> datetime | None:
    """As UTC. A local time that the zone does not have, or has twice, is none."""
    found = local_readings(text, forms, is_date=False)
    if "iso" in forms and re.search("[-+Z]", text.strip(SPACE)[10:]) and "/" not in text:
        moment = read_time(text)
        if moment is not None:
            return None if found else moment
    if len(found) != 1:
        return None
    local = found.pop()
    moments = set()
    for fold in (0, 1):
        try:
            moment = local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(timezone.utc)
            if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local:
                moments.add(moment)
        except OverflowError:
            continue
    return moments.pop() if len(moments) == 1 else None


def read_date(text: str, forms: tuple[str, ...]) -> Any:
    """A day alone; forms with a time of day are none of a date's."""
    days = [form for form in forms if "HH24" not in form]
    found = local_readings(text, days, is_date=True)
    return found.pop().date() if len(found) == 1 else None


def _times(forms: tuple[str, ...], zone: str) -> tuple[str, dict[str, Any], Callable[[str], Any]]:
    declared = {"timestamp_formats": list(forms), "time_zone": zone}
    return "timestamptz", declared, partial(read_local_time, forms=forms, zone=zone)


def _dates(*forms: str) -> tuple[str, dict[str, Any], Callable[[str], Any]]:
    return "date", {"timestamp_formats": list(forms)}, partial(read_date, forms=forms)


def _marked(marks: str) -> tuple[str, dict[str, Any], Callable[[str], Any]]:
    declared = {"decimal_mark": marks if len(marks) == 1 else list(marks)}
    return "numeric(14,2)", declared, partial(read_with_mark, digits=12, scale=2, marks=marks)


def _coded(
    type_: str, digits: int, scale: int, implied: int, sign: str
) -> tuple[str, dict[str, Any], Callable[[str], Any]]:
    reader = partial(read_coded, digits=digits, scale=scale, implied=implied, sign=sign)
    return type_, {"implied_decimals": implied, "sign": sign}, reader


def _whole(text: str, reader: Callable[[str], Decimal | None]) -> Decimal | None:
    value = reader(text)
    return value if value is not None and -(2**31) <= value < 2**31 else None


def _formed(
    *forms: str, mark: str = ".", implied: int | None = None
) -> tuple[str, dict[str, Any], Callable[[str], Any]]:
    type_, declared, reader = _marked(mark)
    if implied is not None:
        type_, declared, reader = _coded("numeric(14,2)", 12, 2, implied, "leading")
    return (
        type_,
        {**declared, "number_forms": list(forms)},
        lambda text: reader(plain_number(text, forms)),
    )


LORD_HOWE, APIA = "Australia/Lord_Howe", "Pacific/Apia"
"""Where clocks change by half an hour, and where a whole day is missing."""
DECLARED: Mapping[str, tuple[str, dict[str, Any], Callable[[str], Any]]] = {
    "local": _times(("iso", "us"), "America/Sao_Paulo"),
    "european": _times(("eu", "iso"), "Europe/Berlin"),
    "both": _times(("us", "eu"), "UTC"),
    "half_hour": _times(("YYYYMMDDHH24MI", "iso"), LORD_HOWE),
    "missing_day": _times(("YYYY-MM-DD_HH24.MI.SS", "DD.MM.YYYY", "eu"), APIA),
    "basic": _times(("YYYYMMDDTHH24MISS", "us"), "Europe/Berlin"),
    "iso_alone": _times(("iso",), "UTC"),
    "dates_of_both": _dates("us", "eu", "iso"),
    "dates_of_patterns": _dates("YYYYMMDD", "DD.MM.YYYY", "YYYY-MM-DD HH24"),
    "excel": _times(("excel",), "UTC"),
    "excel_or_iso": _times(("excel", "iso", "YYYYMMDD"), "America/Sao_Paulo"),
    "excel_dates": _dates("excel", "iso"),
    "accounting": _formed("trailing_sign", "parentheses", "currency", "apostrophes", "dashes"),
    "accounting_comma": _formed("parentheses", "currency", "trailing_sign", mark=","),
    "accounting_either": _formed("apostrophes", "trailing_sign", mark=".,"),
    "trailing_implied": _formed("trailing_sign", implied=2),
    "currency_alone": _formed("currency"),
    "comma": _marked(","),
    "either": _marked(".,"),
    "comma_integer": (
        "integer",
        {"decimal_mark": ","},
        partial(_whole, reader=partial(read_with_mark, digits=19, scale=0, marks=",")),
    ),
    "implied": _coded("numeric(14,2)", 12, 2, 2, "leading"),
    "overpunched": _coded("numeric(14,2)", 12, 2, 2, "overpunch"),
    "overpunched_numeric": _coded("numeric", 131072, MOST_FRACTION, 5, "overpunch"),
    "overpunched_integer": (
        "integer",
        {"sign": "overpunch"},
        partial(
            _whole, reader=partial(read_coded, digits=19, scale=0, implied=0, sign="overpunch")
        ),
    ),
    "implied_less": _coded("numeric(14,2)", 12, 2, 1, "leading"),
}
"""Type, what is declared of the column, and how Python reads it; None where it is in doubt."""

CHANGES = (
    # Does not exist, exists twice, and on either side of both; Sao Paulo had changes until 2019.
    *("2018-11-03T23:59:59", "2018-11-04T00:00:00", "2018-11-04T00:30:00", "2018-11-04T01:00:00"),
    *("2019-02-16T22:59:59", "2019-02-16T23:00:00", "2019-02-16T23:59:59", "2019-02-17T00:00:00"),
    *("2018-11-04T00:30:00-03:00", "2019-02-16T23:30:00Z", "11/4/2018 0:30", "4/11/2018 0:30"),
    *("2026-03-29T01:59:59", "2026-03-29T02:00:00", "2026-03-29T02:59:59", "2026-03-29T03:00:00"),
    *("2026-10-25T01:59:59", "2026-10-25T02:00:00", "2026-10-25T02:59:59", "2026-10-25T03:00:00"),
    *(
        "20260329T013000",
        "20260329T023000",
        "20261025T023000",
        "20260330T023000",
        "202603309023000",
    ),
    *("20260105T100000", "20260105T100000Z", "20260105 100000", "20260105T1000", "20260105T246000"),
    *(
        "20260105T235959",
        "20260230T100000",
        "20260705T000000",
        "29/3/2026 2:30",
        "25/10/2026 2:30",
        "25/10/2026 12:30",
        "29/03/2026 02:30:00",
    ),
    *("202510050159", "202510050200", "202510050229", "202510050230", "202604050129"),
    *("202604050130", "202604050159", "202604050200", "2026-04-05T01:45:00", "202604051345"),
    *("29.12.2011", "30.12.2011", "31.12.2011", "2011-12-30_12.00.00", "2011-12-29_23.59.59"),
    *("2011-12-31_00.00.00", "30/12/2011 12:00", "2026-01-05_10.61.00", "2026-01-05 10.00.00"),
)
DAYS_OF_BOTH = (
    *("01/02/2026", "1/2/2026", "13/02/2026", "02/13/2026", "02/02/2026", "30/02/2026", "0/1/2026"),
    *("01/02/2026 10:00", "13/02/2026 10:00", "2/13/2026 10:00", "3/3/2026 10:00", "1/2/26"),
    *("20260105", "20261305", "20260230", "05.01.2026", "5.1.2026", "32.01.2026", " 05.01.2026 "),
    *(
        "00000101",
        "2026010",
        "202601055",
        "2026O105",
        "2026-01-05 10",
        "20260105 10:00",
        "\t20260105",
    ),
    *("    2026-01-05", "    2026-01-05T10:00:00", "    2026-01-05T10:00:00+01:00", "05.01.2026Z"),
    "\t20260105",
)
AMOUNTS = (
    *("1.234", "1,234", "1.234,50", "1,234.50", "1234,5", "1234.5", "0.000", "0,000", "12,50"),
    *("12.50", "1.000.000", "1,000,000", "1.000.000,00", "1,000,000.00", "1 234,50", "1 234.50"),
    *("1.23.4", "1,23,4", ",5", ".5", "5,", "5.", "-1.234,5", "+12,5", " 12,50 ", "12,505", "-,5"),
    *(
        "2.147.483.647",
        "2.147.483.648",
        "-2.147.483.648",
        "1.5",
        "1,0",
        "1,5",
        "999.999.999.999,99",
    ),
    *(
        "0000012345",
        "12345",
        "5",
        "05",
        "0",
        "-5",
        "+5",
        "-0",
        "1-",
        "--1",
        "1 2",
        "12a",
        "123456789012",
    ),
    *(
        "12345678901234",
        "123456789012345",
        "0123456789012345",
        "99999999999990",
        "123450",
        "12345678901",
    ),
    *(f"000012{last}" for last in OVERPUNCHED),
    *(
        "{",
        "}",
        "J",
        "12j",
        "1J2",
        "-12J",
        "+12{",
        "12.3J",
        "1,2J",
        "A12",
        " 12J ",
        "12J\n",
        "12 J",
    ),
    *("2147483647", "214748364G", "214748364H", "214748364Q", "214748364R", "0{", "0}", "S", "12|"),
    *("1" * 131072 + "A", "1" * 131077, "1" * 131078, "0" * 140000 + "7", "1" * 14 + "}"),
)
FORMED = (
    *("12.50-", "12.50 -", "12.50+", "-12.50-", "12.50--", "-", "1,234.50-", "1.234,50-", "1250-"),
    *(
        "(12.50)",
        "( 12.50 )",
        "(-12.50)",
        "(12.50-)",
        "(12.50)-",
        "-(12.50)",
        "()",
        "(1,234)",
        "(x)",
    ),
    *("$12.50", "-$12.50", "$-12.50", "($12.50)", "$(12.50)", "$ 12.50", "R$ 1.234,50", "12,50 €"),
    *("€12.50", "12.50EUR", "EUR 12.50", "USD -1,234.50", "12,50 kr", "12,50\u00a0Kč", "₹ 12.50"),
    *("eur 12.50", "12.50 EURO", "$$12.50", "$12.50 EUR", "12.50 $-", "(12.50 USD)", "EUR", "$"),
    *("1'234.50", "1\u2019234\u2019567.25", "1'23", "12'34.5", "-1'234", "CHF 1'234.50", "1'234,5"),
    *(
        "\u22125.00",
        "\u20131.00",
        "5.00\u2212",
        "\u2014" + "5.00",
        "1\u22122",
        "$\u22125",
        "1'234-",
    ),
)
SERIALS = (
    *("45678", "45678.5", "45678.4375", "45678.43750001", "45678.999999999", "61", "60", "59", "1"),
    *("0", "2958465", "2958466", "2958465.99999", "2958465.999999999", "20260105", "45678.", ".5"),
    *(
        "-45678",
        "45,678",
        "45678.0",
        "4.5678E4",
        " 45678 ",
        "045678",
        "45678,5",
        "45678.1234567890123456",
    ),
    *("62.000000001", "99", "36526", "36526.000011574"),
)
DECLARED_TEXTS = (
    *FORMED,
    *SERIALS,
    *(*CHANGES, *DAYS_OF_BOTH, *AMOUNTS, *NUMBERS, *US_TIMES, *WORDS),
    *(
        day + hour
        for day, hour in product(DAYS, HOURS)
        # In some zones these are times that Python cannot hold.
        if day not in ("0001-01-01", "9999-12-31")
    ),
)
