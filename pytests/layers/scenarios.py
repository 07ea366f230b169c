"""Random orders and payments of small domains, so that versions, duplicates and parents meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from string import ascii_letters

LOADED_AT = datetime(2026, 6, 1, 12, 0, tzinfo=timezone.utc)
"""When every batch was loaded: what is measured against it must not depend on the batch."""

Values = tuple[str | None, ...]
Numbered = tuple[int, Values]
"""Row number and the values in the order of the entity's file."""

ORDER_IDS = ("O-1", "O-2", "O-3", " O-1 ", "O-4", "O-5")
PAYMENT_IDS = ("P-1", "P-2", "P-3", "P-4", "P-5", "P-6", " P-2", "P-7")
VERSIONS = (
    *("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "2026-01-02T01:00:00+01:00"),
    *("1/4/2026 0:00", "2026-01-05T00:00:00.000001Z", "2026-01-05T00:00:00.000002Z"),
    "2027-01-01T00:00:00Z",
)
ORDERED = (
    *("2026-01-01T10:00:00Z", "1/1/2026 10:00", "2026-06-01T12:00:00Z"),
    "2026-01-02T00:00:00Z",
)
LONG_IDS = tuple(
    "".join(Random(number).choices(ascii_letters, k=length)) + end
    for number, length, end in ((1, 6000, "a"), (1, 6000, "b"), (2, 2660, ""))
)
"""Ids that no index holds, two of which differ in the last character only."""
PAID = (
    *("2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z", "2026-01-02T10:00:00+00:00"),
    "1/12/2026 3:00",
)


@dataclass(frozen=True)
class Scenario:
    """Everything one dataset ever receives.

    Attributes:
        arrivals: For each round and entity the records that arrive then. Row numbers are those of
            the whole, so that ties are broken alike however the records are cut into batches.
    """

    dataset: str
    arrivals: tuple[dict[str, list[Numbered]], ...]

    def all_at_once(self) -> dict[str, list[Numbered]]:
        """The same records by entity, in the order of their row numbers."""
        return {
            entity: sorted(record for arrival in self.arrivals for record in arrival[entity])
            for entity in ("orders", "payments")
        }


def troubled_scenario(dataset: str, rounds: int, random: Random) -> Scenario:
    """Records of which many fail, conflict, repeat, share values or lack a parent."""
    return _arriving(
        dataset,
        rounds,
        {
            "orders": _with_repeats(random, [_order(random) for _ in range(random.randint(2, 12))]),
            "payments": _with_repeats(
                random, [_payment(random) for _ in range(random.randint(2, 16))]
            ),
        },
        random,
    )


def sound_scenario(dataset: str, rounds: int, random: Random) -> Scenario:
    """Records that add up in the end, with older versions and repeats that do not matter."""
    return _arriving(dataset, rounds, _sound_records(random), random)


def busy_scenario(dataset: str, rounds: int, random: Random) -> Scenario:
    """Sound records and troubled ones, so that in each round something changes for most reasons."""
    records = _sound_records(random)
    records["orders"] += [_order(random) for _ in range(20)]
    records["payments"] += [_payment(random) for _ in range(30)]
    for values in records.values():
        random.shuffle(values)
    return _arriving(dataset, rounds, records, random)


def _sound_records(random: Random) -> dict[str, list[Values]]:
    orders: list[Values] = []
    payments: list[Values] = []
    for number in range(1, 13):
        order, total = f"S-{number}", Decimal(random.randint(200, 99999)) / 100
        versions = random.randint(1, 3)
        orders += [_sound_order(order, total + 7, minute) for minute in range(versions)]
        orders.append(_sound_order(order, total, versions))
        parts = [total] if number % 3 else [Decimal(1), total - 1]
        for part, amount in enumerate(parts):
            payment = f"{order}-{part}"
            # What was said first is of another order and day, which stand again if this fails.
            earlier, earlier_day = f"S-{number % 12 + 1}", f"2026-03-{number:02}"
            payments.append(
                _sound_payment(payment, earlier, amount + 1, "captured", 0, earlier_day)
            )
            payments.append(
                _sound_payment(payment, order, amount, "captured", 1, f"2026-02-{number:02}")
            )
    return {"orders": _with_repeats(random, orders), "payments": _with_repeats(random, payments)}


def _sound_order(order: str, total: Decimal, minute: int) -> Values:
    updated_at = f"2026-01-02T00:{minute:02}:00Z"
    return (order, "C-1", "approved", "BRL", str(total), "2026-01-01T10:00:00Z", updated_at)


def _sound_payment(
    payment: str, order: str, amount: Decimal, status: str, minute: int, day: str
) -> Values:
    written = str(amount.quantize(Decimal("0.01")))
    paid_at = f"{day}T11:00:00Z"
    updated_at = f"2026-01-05T00:{minute:02}:00Z"
    return (payment, order, "boleto", written, "BRL", status, paid_at, updated_at)


def _arriving(
    dataset: str, rounds: int, records: dict[str, list[Values]], random: Random
) -> Scenario:
    """Cut the records into rounds: each record may arrive in any, before or after the others."""
    arrivals: tuple[dict[str, list[Numbered]], ...] = tuple(
        {"orders": [], "payments": []} for _ in range(rounds)
    )
    for entity, values in records.items():
        for number, record in enumerate(values, start=1):
            random.choice(arrivals)[entity].append((number, record))
    return Scenario(dataset, arrivals)


def _with_repeats(random: Random, records: list[Values]) -> list[Values]:
    """The records with some of them again, in any order."""
    repeated = records + random.choices(records, k=random.randint(0, max(1, len(records) // 3)))
    random.shuffle(repeated)
    return repeated


def _seldom(random: Random, usual: str, *others: str | None, share: float = 0.12) -> str | None:
    return random.choice(others) if random.random() < share else usual


def _order(random: Random) -> Values:
    return (
        _seldom(random, random.choice(ORDER_IDS), None, "", "  ", "O", *LONG_IDS, share=0.1),
        _seldom(random, "C-1", "", "ana@example.com", "4111 1111 1111 1111"),
        _seldom(random, random.choice(("approved", "delivered")), "lost", None),
        _seldom(random, random.choice(("BRL", "BRL", "USD")), "brl", "", share=0.08),
        _seldom(random, random.choice(("10", "10.00", " 20.50 ", "1,000")), "", "-1", "ten", "NaN"),
        _seldom(random, random.choice(ORDERED), "", "2026-02-30", _around_load(random), share=0.2),
        _seldom(random, random.choice(VERSIONS), "", "soon", None),
    )


def _payment(random: Random) -> Values:
    return (
        _seldom(
            random, random.choice(PAYMENT_IDS), None, "", " ", "P 9", "P9", *LONG_IDS, share=0.1
        ),
        _seldom(random, random.choice(ORDER_IDS), "", "O-404", None, *LONG_IDS),
        _seldom(random, random.choice(("boleto", "voucher")), "cash", ""),
        _seldom(
            random,
            random.choice(("10", "10.00", "5", "20.50")),
            "",
            "0",
            "x",
            "10.005",
            "1000000.01",
        ),
        _seldom(random, random.choice(("BRL", "BRL", "USD")), "GBP", None, share=0.08),
        _seldom(random, random.choice(("captured", "captured", "authorized")), "test", ""),
        _seldom(random, random.choice(PAID), "", "13/13/2026 1:00", _around_load(random)),
        _seldom(random, random.choice(VERSIONS), "", "later", None),
    )


def _around_load(random: Random) -> str:
    """A time at the edge of what counts as future, or as too old."""
    days = random.choice((0, 7300))
    seconds = random.choice((-1, 0, 1))
    return (LOADED_AT - timedelta(days=days) + timedelta(seconds=seconds)).isoformat()
