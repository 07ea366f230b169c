"""Random rows of the samples: values at the edges of what the rules say."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from random import Random

from .uses import MAX_AGE_DAYS, NAMES

LOADED_AT = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
ROWS = 10_000
Record = tuple[str | None, ...]

NOTES: dict[str, bool] = {
    "": False,
    "left at the door": False,
    "12 of 2026-01-05": False,
    "order 20260105-000123": False,
    "123.456.789": False,
    "1234567890123456": False,  # sixteen digits that fail Luhn's check
    "4111 1111 1111 1112": False,
    "1234567890123456 4111": False,
    "from 2026-01-05 10 to 2026-01-06 11": False,
    "x4111111111111111": False,
    "AB12": False,
    "@home": False,
    "ana@example": False,
    "3,500.00": False,
    "ana@example.com": True,
    "write to ana.maria+x@mail.example.co.uk please": True,
    "4111 1111 1111 1111": True,
    "card 5500-0000-0000-0004 declined": True,
    "378282246310005": True,
    "4111 1111 1111 1111 123": True,
    "4111-1111-1111-1111 737": True,
    "4111 1111 1111 1111 12/27": True,
    "2 4111111111111111": True,
    "order 2026010500012345, card 4111 1111 1111 1111": True,
    "4111111111111112, 5500 0000 0000 0004": True,
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 4111 1111 1111 1111": True,
    "123.456.789-09": True,
    "+55 11 91234-5678": True,
    "(11) 91234-5678": True,
    "DE89370400440532013000": True,
    "GB82 WEST 1234 5698 7654 32": True,
}
"""Whether each holds personal data."""

WORDS = (
    *("apple", "Apple", "APPLE", "pear", "it's", 'a "b"', "a b", "ünïcode", "ÜNÏCODE", "\\d", "%"),
    *("_pple", "日本", "e\u0301", " apple ", "", " ", None, "null", "O'Neil", "x", "applepie"),
    *("app\u200ble", "a\u00a0b", "\u3000apple\ufeff", "\u200bpear", "\u00a0", "o\u00adx"),
)
NUMBERS = (
    *("0", "0.00", "-0.01", "1", "1.00", "100", "100.00", "-1.5", "99.99", "1,234.50", "", None),
    *("x", "12.345", "NaN", " 7 "),
)
TIMES = (
    *("2026-01-09T23:59:59Z", "2026-01-10T00:00:00Z", "5/1/2026 0:00", "2026-05-01T00:00:01Z"),
    *("2026-03-01", "2026-02-28T23:59:59.999999", "", None, "2026-02-30", "soon"),
    LOADED_AT.isoformat(),
    (LOADED_AT + timedelta(microseconds=1)).isoformat(),
    (LOADED_AT - timedelta(days=MAX_AGE_DAYS)).isoformat(),
    (LOADED_AT - timedelta(days=MAX_AGE_DAYS, microseconds=1)).isoformat(),
)


def random_records(random: Random) -> list[tuple[int, Record]]:
    """Records with keys of their own; values often shared, missing or unreadable."""

    def word(number: int) -> str | None:
        return random.choice((f"w{number}", f"w{random.randrange(ROWS)}", random.choice(WORDS)))

    def amount() -> str | None:
        drawn = f"{random.randint(-300, 20000) / 100:.2f}"
        return random.choice((drawn, drawn, drawn, random.choice(NUMBERS)))

    records: list[tuple[int, Record]] = []
    for number in range(1, ROWS + 1):
        first = amount()
        records.append(
            (
                number,
                (
                    f"S-{number}",
                    word(number),
                    random.choice((*WORDS, f"c{number}")),
                    random.choice(("0", "1", "2", "-3", "7", str(number), "1.5", "", None)),
                    first,
                    random.choice((first, amount(), None)),
                    random.choice(TIMES),
                    random.choice(("P-1", "P-2", "P-404", f"P-{number}", "", None)),
                    random.choice(tuple(NOTES)),
                    *("no" if number % 50 == place else "ok" for place in range(len(NAMES))),
                    "2026-05-01",
                ),
            )
        )
    return records


def versioned_records(random: Random) -> list[tuple[int, Record]]:
    """Records of few keys and versions, so that contents meet."""
    times = ("2026-05-01T00:00:00Z", "2026-05-01 01:00:00+01:00", "2026-05-02", "", "soon", None)
    return [
        (
            number,
            (
                f"S-{random.randint(1, 150)}",
                random.choice(("apple", "pear")),
                *(None,) * (7 + len(NAMES)),
                random.choice(times),
            ),
        )
        for number in range(1, 501)
    ]
