"""Makes the ledger's sample batches: python examples/ledger/make_batches.py [DIRECTORY].

The layout is the one that models/postings/postings.yml declares.
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

RECORD_LENGTH = 90
POSITIVE, NEGATIVE = "{ABCDEFGHI", "}JKLMNOPQR"
"""The last digit with its sign, as zoned decimals hold it."""
SAMPLES = Path(__file__).parent / "batches"
CENT = Decimal("0.01")
UNBALANCED = "20261124"
"""Number and day of the batch whose debits do not equal its credits."""


def zoned(amount: Decimal, length: int) -> str:
    """An amount in cents, its last digit overpunched with the sign: 12.34 is `000000123D`."""
    digits = f"{abs(amount) * 100:0{length}.0f}"
    return digits[:-1] + (NEGATIVE if amount < 0 else POSITIVE)[int(digits[-1])]


@dataclass(frozen=True)
class Posting:
    """One side of a booking.

    Attributes:
        side: D for a debit, C for a credit.
        amount: In units of currency, two decimals; negative where a booking is reversed.
        day: YYYYMMDD.
    """

    batch: str
    number: int
    account: str
    product: str
    side: str
    amount: Decimal
    day: str

    @property
    def values(self) -> tuple[str, ...]:
        """Values in the order of the record."""
        amount = zoned(self.amount, 11)
        number = f"{self.number:06}"
        return (self.batch, number, self.account, self.product, self.side, amount, self.day)


@dataclass(frozen=True)
class Batch:
    """Contents of one file, and the control totals of its trailer."""

    number: str
    day: str
    postings: tuple[Posting, ...]
    count: int
    total: Decimal
    content_hash: str

    def records(self) -> list[str]:
        """Header, postings and trailer, each of RECORD_LENGTH characters."""
        trailer = f"T{self.count:09}{zoned(self.total, 15)}{self.content_hash}"
        details = ("D" + "".join(posting.values) for posting in self.postings)
        header = f"H{self.number}{self.day}"
        return [record.ljust(RECORD_LENGTH) for record in (header, *details, trailer)]

    def ascii(self) -> bytes:
        """As lines."""
        return "".join(f"{record.rstrip()}\n" for record in self.records()).encode("ascii")

    def ebcdic(self) -> bytes:
        """As on the mainframe: without line ends."""
        return "".join(self.records()).encode("cp037")


def batch_of(number: str, day: str, postings: Sequence[Posting]) -> Batch:
    """A batch with correct control totals in its trailer."""
    lines = "\n".join("|".join(posting.values) for posting in postings)
    total = sum((posting.amount for posting in postings), Decimal(0))
    content_hash = hashlib.sha256(lines.encode()).hexdigest()
    return Batch(number, day, tuple(postings), len(postings), total, content_hash)


def bookings(number: str, day: str, count: int) -> list[Posting]:
    """Bookings with a debit and a credit each; every tenth reverses an earlier amount."""
    chance = random.Random(number)
    postings: list[Posting] = []
    for booking in range(count):
        amount = Decimal(chance.randrange(1, 5_000_000)) / 100
        if booking % 10 == 9:
            amount = -postings[-2].amount
        product = chance.choice(("CA01", "SA02", "LN07"))
        for side in "DC":
            account = f"{chance.randrange(10**10):010}"
            postings.append(Posting(number, len(postings) + 1, account, product, side, amount, day))
    return postings


def bad_batches() -> dict[str, Batch]:
    """Batches that must be put on hold or shut the gate, by their error."""
    days = {
        "count": "20261121",
        "amount": "20261122",
        "hash": "20261123",
        "unbalanced": UNBALANCED,
    }
    made = {name: batch_of(day, day, bookings(day, day, 10)) for name, day in days.items()}
    first, *others = made["hash"].postings
    altered = replace(first, account=first.account[::-1])
    return {
        "count": replace(made["count"], count=made["count"].count + 1),
        "amount": replace(made["amount"], total=made["amount"].total + CENT),
        "hash": replace(made["hash"], postings=(altered, *others)),
        "unbalanced": _without_last(made["unbalanced"]),
    }


def missing_posting() -> Batch:
    """The posting that the unbalanced batch lacks, sent later."""
    return batch_of(UNBALANCED, UNBALANCED, bookings(UNBALANCED, UNBALANCED, 10)[-1:])


def _without_last(batch: Batch) -> Batch:
    return batch_of(batch.number, batch.day, batch.postings[:-1])


def main(directory: Path) -> None:
    """Write all samples below a directory."""
    files: dict[str, bytes] = {}
    for day in ("20261119", "20261120"):
        batch = batch_of(day, day, bookings(day, day, 20))
        files[f"good/postings-{day}.dat"] = batch.ascii()
        files[f"ebcdic/postings-{day}.ebcdic.dat"] = batch.ebcdic()
    for name, batch in bad_batches().items():
        files[f"bad/postings-{batch.number}-{name}.dat"] = batch.ascii()
    files[f"fixed/postings-{UNBALANCED}-missing.dat"] = missing_posting().ascii()
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES)
