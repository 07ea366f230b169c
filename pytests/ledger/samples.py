"""The ledger's sample batches as Python reads them, apart from the code that made them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

LEDGER = Path(__file__).parents[2] / "examples" / "ledger"
BATCHES = LEDGER / "batches"
_DETAIL = re.compile(
    r"D(?P<batch>.{8})(?P<number>\d{6})(?P<account>\d{10})(?P<product>.{4})(?P<side>[DC])"
    r"(?P<digits>\d{10})(?P<last>.)(?P<day>\d{8}) *"
)


@dataclass(frozen=True)
class Posting:
    """One record, typed; amount in units of currency."""

    batch_number: str
    sequence_number: int
    account: str
    product_code: str
    side: str
    amount: Decimal
    transaction_date: date


def lines_of(file: Path) -> list[str]:
    """The records of a file of either encoding, blanks at their ends left out."""
    if file.name.endswith(".ebcdic.dat"):
        text = file.read_bytes().decode("cp037")
        return [text[start : start + 90].rstrip() for start in range(0, len(text), 90)]
    return file.read_text(encoding="ascii").splitlines()


def postings_of(files: Iterable[Path]) -> set[Posting]:
    """The postings of files; header and trailer are none."""
    found = (_DETAIL.fullmatch(line) for file in files for line in lines_of(file)[1:-1])
    return {_posting(match) for match in found if match}


def _posting(match: re.Match[str]) -> Posting:
    place = "{ABCDEFGHI}JKLMNOPQR".index(match["last"])
    cents = int(match["digits"]) * 10 + place % 10
    return Posting(
        match["batch"],
        int(match["number"]),
        match["account"],
        match["product"],
        match["side"],
        Decimal(-cents if place >= 10 else cents) / 100,
        date.fromisoformat(f"{match['day'][:4]}-{match['day'][4:6]}-{match['day'][6:]}"),
    )


def files_of(folder: str) -> list[Path]:
    """The sample files of a folder, in the order of their names."""
    return sorted((BATCHES / folder).iterdir())
