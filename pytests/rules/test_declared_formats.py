"""Text in declared formats is read as Python reads it; what is in doubt is read as nothing."""

from __future__ import annotations

from datetime import datetime

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..database import Row
from .conftest import Reading
from .declared_reading import DECLARED, DECLARED_TEXTS


def differing(
    connection: psycopg.Connection[Row], reading: Reading, texts: list[str]
) -> dict[str, object]:
    """Of each text and declaration that server and Python disagree on, both values."""
    rows = connection.execute(reading.declared.encode(), [texts]).fetchall()
    return {
        f"{text[:60]!r}, {name}": (str(value)[:60], str(expected)[:60])
        for text, row in zip(texts, rows, strict=True)
        for (name, (type_, _, reader)), value in zip(DECLARED.items(), row, strict=True)
        for read in [reader(text)]
        for expected in [read.replace(tzinfo=None) if type_ == "timestamptz" and read else read]
        if value != expected
    }


@pytest.mark.parametrize("zone", ["UTC", "America/Sao_Paulo"])
def test_texts_are_read_as_declared_wherever_the_session_is(
    connection: psycopg.Connection[Row], reading: Reading, zone: str
) -> None:
    connection.execute(f"set timezone = '{zone}'".encode())
    connection.execute("set datestyle = 'SQL, DMY'")
    try:
        assert differing(connection, reading, list(DECLARED_TEXTS)) == {}
    finally:
        connection.execute("reset datestyle")


def test_every_declaration_reads_some_texts_and_not_others() -> None:
    for name, (_, _, reader) in DECLARED.items():
        read = [reader(text) is not None for text in DECLARED_TEXTS]
        assert 5 <= sum(read) <= len(read) - 5, name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("both", "01/02/2026 10:00"),
        ("dates_of_both", "01/02/2026"),
        ("local", "2018-11-04T00:30:00"),
        ("local", "2019-02-16T23:30:00"),
        ("european", "29/3/2026 2:30"),
        ("european", "25/10/2026 2:30"),
        ("half_hour", "202604050145"),
        ("missing_day", "30.12.2011"),
        ("either", "1.234"),
        ("either", "1,234"),
        ("overpunched", "12.3J"),
        ("implied", "123.45"),
    ],
)
def test_what_is_in_doubt_is_read_as_nothing(
    newest: psycopg.Connection[Row], reading: Reading, name: str, text: str
) -> None:
    (row,) = newest.execute(reading.declared.encode(), [[text]]).fetchall()
    assert dict(zip(DECLARED, row, strict=True))[name] is None


PIECES = st.sampled_from(
    (
        *("2026-03-29", "20261025", "01/02/2026", "13/2/2026", "5.10.2025", "30.12.2011", "T", " "),
        *("02:30", "0230", ":00", "_02.30.00", "Z", "+01:00", "-03", "2018-11-04", "1", "0", "9"),
        *(",", ".", "-", "+", "000", "1,234", "1.234", "{", "}", "A", "J", "R", "\t", "\n", "é"),
    )
)


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.lists(PIECES, max_size=6).map("".join), min_size=1, max_size=40))
def test_random_texts_are_read_as_declared(
    connection: psycopg.Connection[Row], reading: Reading, texts: list[str]
) -> None:
    assert differing(connection, reading, texts) == {}


MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2036, 12, 30))


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(moments=st.lists(MOMENTS, min_size=1, max_size=60))
def test_any_local_time_is_read_as_its_zone_has_it(
    connection: psycopg.Connection[Row], reading: Reading, moments: list[datetime]
) -> None:
    texts = [moment.isoformat(timespec="seconds") for moment in moments]
    assert differing(connection, reading, texts) == {}
