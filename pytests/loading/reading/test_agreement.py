"""The fast scan, the careful way and COPY agree on every file, however it is cut."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from runner.loading.reading import (
    ControlRecord,
    FileFormat,
    Limits,
    Record,
    Reject,
    RejectReason,
    Row,
    Segment,
)

from ...database import Database
from .sources import Reading, read, text_of

COLUMNS = ("a", "b", "c")
FORMAT = FileFormat(has_header=False, columns=COLUMNS)
PIECES = [
    *(b"a", b"bc", b" ", b"\t", b",", b",", b",", b";", b'"', b'"', b'""', b"\n", b"\n", b"\r\n"),
    *(
        b"\r",
        b"\0",
        b"\xff",
        b"\xc3\xa9",
        b"\xc2\xa0",
        b"\\.",
        b"\n\\.\n",
        b'","',
        b'"\n"',
        b"\x01",
    ),
    *(
        b"1,2,3\n",
        b'"x","y","z"\n',
        b"1,2,3\r\n",
        b",,\n",
        b'"","",""\n',
        b"TRL,1,2\n",
        b"\xef\xbb\xbf",
    ),
]
MARK = b"\xef\xbb\xbf"
PACKED = (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd")
LINES = [
    *(b"1,2,3\n", b"1,2,3\n", b"1,2,3\r\n", b",,x\n", b'"x","y","z"\n', b'"a\n\nb",,""\n'),
    *(b'"a""\r",b,"\r\n"\r\n', b'"a"\rb,"x\ny",z\n', b"a\rb,1,2\n", b"\\.,1,2\n", b"TRL,1,2\n"),
    *(b",,\n", b"\n", b"1,2\n", b"1,2,3,4\n", b"1,\x012,3\n", b"1,\x01,\x01\n"),
]
"""Whole records, nearly all good: with them, one thing at a time is wrong."""
ANY_PIECES: st.SearchStrategy[list[bytes]] = st.lists(
    st.sampled_from(LINES), max_size=12
) | st.lists(st.sampled_from(PIECES) | st.binary(max_size=3), max_size=60)
ANY_TEXT = ANY_PIECES.map(b"".join).filter(lambda text: not text.startswith(PACKED))
SIZES = st.builds(
    Limits,
    segment=st.sampled_from([1, 20, 100, 10_000]),
    block=st.sampled_from([1, 7, 30, 10_000]),
    record=st.sampled_from([12, 40, 10_000]),
    careful=st.sampled_from([1, 10, 10_000]),
)
FORMATS = st.sampled_from(
    [
        FORMAT,
        replace(FORMAT, quote=None),
        replace(FORMAT, delimiter="é"),
        replace(FORMAT, quote="'"),
        replace(FORMAT, trailer=ControlRecord("TRL", fields=("count",))),
    ]
)
SETTINGS = settings(
    max_examples=int(os.environ.get("TRUSTGATE_TEST_EXAMPLES", "200")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


LAST_RECORD = b"\nlast,record,here\n"


def read_text(
    folder: Path,
    text: bytes,
    file_format: FileFormat,
    limits: Limits,
    columns: tuple[str, ...] = COLUMNS,
) -> Reading:
    """Read a text and a record behind it, then the trailer where one is declared."""
    path = folder / "file.csv"
    trailer = b"TRL,1\n \n" if file_format.trailer else b""
    path.write_bytes(text + LAST_RECORD + trailer)
    return read(path, file_format, columns, limits=limits)


@given(ANY_TEXT, FORMATS, SIZES)
@SETTINGS
def test_rows_of_all_segments_equal_rows_of_the_file_at_once(
    tmp_path: Path, text: bytes, file_format: FileFormat, limits: Limits
) -> None:
    cut = read_text(tmp_path, text, file_format, limits)
    whole = text + LAST_RECORD
    while whole.startswith(MARK):
        whole = whole.removeprefix(MARK)
    at_once = Segment(0, 1, 1, None, whole, 0, len(whole), False)

    expected = list(cut.reader.rows(at_once))

    assert [_comparable(row) for row in cut.rows] == [_comparable(row) for row in expected]
    assert [row.row_number for row in cut.rows] == list(range(1, len(cut.rows) + 1))
    assert cut.totals.row_count == len(cut.rows)
    assert [segment.number for segment in cut.segments] == list(range(len(cut.segments)))
    for segment in cut.segments:
        assert segment.row_count == len(list(cut.reader.rows(segment)))
    if RejectReason.TOO_LONG not in [reject.reason for reject in cut.rejects]:
        assert b"".join(text_of(cut)) == whole
        offset = len(text + LAST_RECORD) - len(whole)
        for segment in cut.segments:
            assert segment.offset == offset
            offset += segment.length


@pytest.fixture(scope="module")
def connection(project_database: Database) -> Iterator[psycopg.Connection]:
    """A connection with a table for COPY, none of which is kept."""
    with project_database.connect() as connection:
        connection.execute("set client_min_messages = error")
        connection.execute(
            "create temporary table copied ("
            "n integer generated always as identity, a text, b text, c text, extra jsonb)"
        )
        yield connection


Copied = list[tuple[object, ...]]


def copied(connection: psycopg.Connection, reading: Reading, segment: Segment) -> Copied | None:
    """What COPY makes of a segment, extra values behind the others; None where it fails."""
    reader = reading.reader
    connection.execute("truncate copied")
    names = (*reader.columns, *(("extra",) if reader.copies_extra else ()))
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    statement = sql.SQL(
        "copy copied ({}) from stdin (format csv, encoding 'utf8', delimiter {}, quote {})"
    ).format(columns, reader.copy_options.delimiter, reader.copy_options.quote)
    try:
        with connection.cursor().copy(statement) as copy:
            for chunk in reader.chunks(segment):
                copy.write(chunk)
    except psycopg.Error:
        return None
    select = sql.SQL("select {} from copied order by n").format(columns)
    return connection.execute(select).fetchall()


@given(ANY_TEXT, FORMATS, SIZES, st.sampled_from([COLUMNS, ("a", "c"), ("b",)]))
@SETTINGS
def test_clean_segments_are_to_copy_what_they_are_to_the_careful_way(
    tmp_path: Path,
    connection: psycopg.Connection,
    text: bytes,
    file_format: FileFormat,
    limits: Limits,
    columns: tuple[str, ...],
) -> None:
    reading = read_text(tmp_path, text, file_format, limits, columns)

    for segment in reading.segments:
        rows = list(reading.reader.rows(segment))
        if segment.is_clean:
            found = copied(connection, reading, segment)
            if found is None:
                assert any(isinstance(row, Reject) for row in rows)
            else:
                assert list(map(_copied, rows)) == found


def _copied(row: Row) -> object:
    """A record as COPY leaves it; whatever else it is, COPY has no such row."""
    if not isinstance(row, Record):
        return row
    values: tuple[object, ...] = row.values
    return values if row.extra is None else (*values, dict(row.extra))


TEXTS = st.text(st.sampled_from('ab ,;"\n\t\u00e9\u00a0'), max_size=6)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, st.just("x")), min_size=1, max_size=40)


@given(
    ROWS,
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
    SIZES,
)
@SETTINGS
def test_what_a_writer_of_csv_wrote_is_what_is_read(
    tmp_path: Path, rows: list[tuple[str, str, str]], quoting: Any, line_end: str, limits: Limits
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=quoting, lineterminator=line_end).writerows(rows)
    path = tmp_path / "file.csv"
    path.write_bytes(buffer.getvalue().encode())

    reading = read(path, FORMAT, COLUMNS, limits=replace(limits, record=10_000))

    empty = "" if quoting == csv.QUOTE_ALL else None
    assert reading.values == [tuple(value or empty for value in row) for row in rows]


def _comparable(row: object) -> object:
    """A row without how long a line is that is too long to be kept."""
    if getattr(row, "reason", None) is RejectReason.TOO_LONG:
        return (row.row_number, row.line_number, row.raw[:10])  # type: ignore[attr-defined]
    return row
