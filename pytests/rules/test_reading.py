"""Text is read as Python reads it, and alike by the oldest and the newest PostgreSQL."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..database import Row
from .conftest import Reading
from .reading import READERS, TEXTS


def read(connection: psycopg.Connection[Row], reading: Reading, texts: list[str]) -> list[Row]:
    """What the server reads each text as, one column for each of READERS."""
    return connection.execute(reading.usual.encode(), [texts]).fetchall()


def as_python(texts: list[str]) -> list[Row]:
    """What Python reads each text as; times without zone, as the query shows them."""
    return [
        tuple(
            value.replace(tzinfo=None) if type_ == "timestamptz" and value else value
            for type_, reader in READERS.items()
            for value in [reader(text)]
        )
        for text in texts
    ]


def differing(texts: list[str], left: list[Row], right: list[Row]) -> dict[str, object]:
    """Of each text and type that two readings disagree on, both values."""
    return {
        f"{text[:60]!r} as {type_}": (str(one)[:60], str(other)[:60])
        for text, ones, others in zip(texts, left, right, strict=True)
        for type_, one, other in zip(READERS, ones, others, strict=True)
        if one != other
    }


def test_there_are_enough_texts() -> None:
    assert len(set(TEXTS)) >= 300


@pytest.mark.parametrize("zone", ["UTC", "America/Sao_Paulo"])
def test_texts_are_read_as_python_reads_them(
    connection: psycopg.Connection[Row], reading: Reading, zone: str
) -> None:
    connection.execute(f"set timezone = '{zone}'".encode())
    texts = list(TEXTS)
    assert differing(texts, read(connection, reading, texts), as_python(texts)) == {}


def test_style_of_dates_does_not_matter(
    connection: psycopg.Connection[Row], reading: Reading
) -> None:
    texts = list(TEXTS)
    connection.execute("set datestyle = 'SQL, DMY'")
    try:
        rows = read(connection, reading, texts)
    finally:
        connection.execute("reset datestyle")
    assert differing(texts, rows, as_python(texts)) == {}


PIECES = st.sampled_from(
    (
        *("2026-01-05", "2024-02-29", "1/5/2026", "T", " ", "10:00", ":30", ".5", ".123456", "Z"),
        *("+01:00", "-03", "24", ":60", "1", "0", "9", ",", ".", "-", "+", "000", "1,234", "\t"),
        *("\n", "\x0b", "\u00a0", "e5", "NaN", "t", "é", "/", "2026", "12", "29", "31"),
    )
)


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.lists(PIECES, max_size=7).map("".join), min_size=1, max_size=40))
def test_random_texts_are_read_as_python_reads_them(
    connection: psycopg.Connection[Row], reading: Reading, texts: list[str]
) -> None:
    assert differing(texts, read(connection, reading, texts), as_python(texts)) == {}
