"""The table the tests of the stand-in look at: random rows, the same ones every time."""

from __future__ import annotations

import random
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import psycopg

Value = TypeVar("Value")

SCHEMA = "stand_in_sample"
TABLE = "sample"
ROW_COUNT = 12_000
SEED = 20_261_120

WORDS = (
    None, "", " ", "\t", "open", "Open", "OPEN", "closed", "None", "null", "true",
    "O'Brien", "it''s", "'", '"double"', "a%b", "a_b", "100%", "back\\slash", "line\nbreak",
    "zwölf", "Straße", "日本語", "🙂🙂", "semi;colon", "-- comment", "$$dollar$$", "trailing ",
    "A-001", "B-17", "x1y2",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row of the sample table; every column but row_id may be NULL."""

    row_id: int
    word: str | None
    other_word: str | None
    code: str | None
    quantity: int | None
    limit_quantity: int | None
    amount: Decimal | None
    created_on: date | None
    closed_on: date | None
    mixed_case: str | None


def sample_rows() -> list[Row]:
    """ROW_COUNT rows: about one value in eight NULL, and many duplicates."""
    chance = random.Random(SEED)

    def sometimes(value: Value) -> Value | None:
        return None if chance.random() < 0.125 else value

    def day() -> date:
        return date(2026, 1, 1) + timedelta(days=chance.randrange(60))

    return [
        Row(
            row_id=row_id,
            word=chance.choice(WORDS),
            other_word=chance.choice(WORDS),
            code=sometimes(f"C{chance.randrange(6000):04d}"),
            quantity=sometimes(chance.randrange(-5, 15)),
            limit_quantity=sometimes(chance.randrange(-5, 15)),
            amount=sometimes(Decimal(chance.randrange(-500, 5000)) / 100),
            created_on=sometimes(day()),
            closed_on=sometimes(day()),
            mixed_case=chance.choice(WORDS),
        )
        for row_id in range(1, ROW_COUNT + 1)
    ]


def create_sample_table(connection: psycopg.Connection[Any], rows: list[Row]) -> None:
    """Create the sample schema and table anew and fill it with the rows."""
    connection.execute(f"drop schema if exists {SCHEMA} cascade")
    connection.execute(f"create schema {SCHEMA}")
    connection.execute(
        f"""
        create table {SCHEMA}.{TABLE} (
            row_id bigint primary key,
            word text,
            other_word text,
            code character varying(12),
            quantity integer,
            limit_quantity integer,
            amount numeric(10, 2),
            created_on date,
            closed_on date,
            "Mixed Case" text
        )
        """
    )
    with connection.cursor().copy(f"copy {SCHEMA}.{TABLE} from stdin") as copy:
        for row in rows:
            copy.write_row(astuple(row))
