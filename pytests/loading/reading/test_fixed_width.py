"""Fixed width: layouts, line ends or none, EBCDIC, control records."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.errors import ConfigurationError, OperationalError
from runner.loading.reading import ControlRecord, Field, FileFormat, Limits

from .sources import Reading, read

COLUMNS = ("account", "amount")
LAYOUT = (Field("account", 2, 6), Field("amount", 8, 5, "none"))
FORMAT = FileFormat(kind="fixed_width", layout=LAYOUT)
LEDGER = FileFormat(
    kind="fixed_width",
    layout=LAYOUT,
    record_type=Field("record_type", 1, 1),
    detail_type="D",
    header=ControlRecord("H", layout=(Field("business_date", 2, 8),)),
    trailer=ControlRecord("T", layout=(Field("record_count", 2, 4), Field("total", 6, 7))),
)
RECORDS = ["H20261120    ", "DAB    0012}", "DCDEFGH0340A", "T00020000460"]
VALUES = [("AB", "0012}"), ("CDEFGH", "0340A")]
CONTROL = {"business_date": "20261120", "record_count": "0002", "total": "0000460"}


def read_fixed(
    folder: Path, content: bytes, file_format: FileFormat, columns: tuple[str, ...] = COLUMNS
) -> Reading:
    path = folder / "ledger.dat"
    path.write_bytes(content)
    return read(path, file_format, columns, limits=Limits(block=5, segment=9))


@pytest.mark.parametrize("encoding", ["utf-8", "cp037", "utf-16", "latin-1"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_lines_are_records(tmp_path: Path, encoding: str, line_end: str) -> None:
    text = line_end.join([*RECORDS, ""])

    reading = read_fixed(tmp_path, text.encode(encoding), replace(LEDGER, encoding=encoding))

    assert reading.values == VALUES
    assert reading.totals.control == CONTROL
    assert [row.row_number for row in reading.rows] == [1, 2]


@pytest.mark.parametrize("encoding", ["cp037", "latin-1"])
def test_records_of_one_length_need_no_line_ends(tmp_path: Path, encoding: str) -> None:
    text = "".join(record.ljust(20) for record in RECORDS)
    file_format = replace(LEDGER, encoding=encoding, record_length=20)

    reading = read_fixed(tmp_path, text.encode(encoding), file_format)

    assert reading.values == VALUES
    assert reading.totals.control == CONTROL
    assert reading.totals.row_count == 2


def test_a_record_cut_short_has_no_trailer_behind_it(tmp_path: Path) -> None:
    text = "".join(record.ljust(20) for record in RECORDS)[:-3]
    file_format = replace(LEDGER, encoding="cp037", record_length=20)

    with pytest.raises(OperationalError, match="is not a trailer"):
        read_fixed(tmp_path, text.encode("cp037"), file_format)


def test_a_last_record_cut_short_is_refused(tmp_path: Path) -> None:
    file_format = replace(FORMAT, record_length=12, encoding="cp037")
    text = " AB    00120 CD"

    reading = read_fixed(tmp_path, text.encode("cp037"), file_format)

    assert reading.values == [("AB", "00120")]
    assert reading.reasons == [(2, "RECORD_LENGTH")]
    assert reading.rejects[0].raw == " CD".encode("cp037")


def test_a_short_line_is_refused_unless_it_may_be_short(tmp_path: Path) -> None:
    content = b" AB    00120\n CD\n\n"

    strict = read_fixed(tmp_path, content, FORMAT)
    lax = read_fixed(tmp_path, content, replace(FORMAT, may_be_short=True))

    assert (strict.reasons, strict.blank_count) == ([(2, "RECORD_LENGTH")], 1)
    assert lax.values == [("AB", "00120"), ("CD", "     ")]


def test_characters_beyond_the_layout_are_filler(tmp_path: Path) -> None:
    assert read_fixed(tmp_path, b" AB    00120xyz\n", FORMAT).values == [("AB", "00120")]


@pytest.mark.parametrize(
    ("strip", "expected"),
    [("none", " 1 "), ("left", "1 "), ("right", " 1"), ("both", "1")],
)
def test_fields_are_stripped_as_declared(tmp_path: Path, strip: str, expected: str) -> None:
    file_format = FileFormat(
        kind="fixed_width",
        layout=(Field("account", 1, 3, strip), Field("amount", 4, 2)),  # type: ignore[arg-type]
    )

    reading = read_fixed(tmp_path, b" 1   \n", file_format)

    assert reading.values == [(expected, None)]


def test_fields_that_landing_lacks_are_kept(tmp_path: Path) -> None:
    reading = read_fixed(tmp_path, b" AB    00120\n", FORMAT, ("account",))

    assert reading.values == [("AB",)]
    assert reading.extras == [{"amount": "00120"}]


def test_a_layout_without_a_column_of_landing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="missing product"):
        read_fixed(tmp_path, b" AB    00120\n", FORMAT, (*COLUMNS, "product"))


PACKED = FileFormat(
    kind="fixed_width",
    encoding="cp037",
    record_length=10,
    layout=(Field("account", 1, 4), Field("amount", 5, 3, packed=True)),
)


@pytest.mark.parametrize(
    ("packed", "expected"),
    [
        ("12345c", "12345"),
        ("12345d", "-12345"),
        ("00000f", "00000"),
        ("25150b", "-25150"),  # bytes of a line feed of EBCDIC and of nothing in it
        ("0d0a0d", None),
        ("000000", None),
        ("12a45c", None),
        ("123451", None),
    ],
)
@pytest.mark.parametrize("encoding", ["cp037", "latin-1", "ascii"])
def test_a_packed_decimal_is_its_digits_and_sign(
    tmp_path: Path, packed: str, expected: str | None, encoding: str
) -> None:
    def record(account: str, amount: bytes) -> bytes:
        return account.encode(encoding) + amount + "end".encode(encoding)

    content = record("AB  ", bytes.fromhex(packed)) + record("CDEF", " ".encode(encoding) * 3)
    reading = read_fixed(tmp_path, content, replace(PACKED, encoding=encoding))

    if expected is None:
        assert reading.reasons == [(1, "BAD_ENCODING")]
        assert reading.rejects[0].detail == "amount is no packed decimal"
        assert reading.values == [("CDEF", None)]
    else:
        assert reading.values == [("AB", expected), ("CDEF", None)]


def test_a_record_with_nothing_but_a_packed_decimal_is_not_blank(tmp_path: Path) -> None:
    blank = " ".encode("cp037")
    content = blank * 4 + b"\x00\x00\x1c" + blank * 3 + blank * 10

    reading = read_fixed(tmp_path, content, PACKED)

    assert (reading.values, reading.blank_count) == ([(None, "00001")], 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"record_length": None},
        {"record_type": Field("record_type", 1, 1, packed=True), "detail_type": "D"},
        {
            "record_type": Field("record_type", 1, 1),
            "detail_type": "D",
            "trailer": ControlRecord("T", layout=(Field("total", 2, 3, packed=True),)),
        },
    ],
)
def test_packed_decimals_where_they_cannot_be_read_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="packed decimal"):
        replace(PACKED, **changes)
