"""Parquet: row groups as segments, every type as text without loss."""

from __future__ import annotations

import datetime
import sys
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from runner.errors import ConfigurationError, OperationalError
from runner.loading.reading import FileFormat, SenderHash

from .sources import Reading, read

FORMAT = FileFormat(kind="parquet")


def read_table(
    folder: Path, table: pa.Table, columns: tuple[str, ...], rows_a_group: int = 1000
) -> Reading:
    path = folder / "file.parquet"
    pq.write_table(table, path, row_group_size=rows_a_group)
    return read(path, FORMAT, columns)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (pa.string(), "a\nb", "a\nb"),
        (pa.string(), "", ""),
        (pa.large_string(), "a", "a"),
        (pa.dictionary(pa.int32(), pa.string()), "a", "a"),
        (pa.int64(), -(2**63), "-9223372036854775808"),
        (pa.uint64(), 2**64 - 1, "18446744073709551615"),
        (pa.decimal128(38, 2), Decimal("-12.5"), "-12.50"),
        (pa.decimal128(20, 10), Decimal("0.0000001"), "0.0000001000"),
        (pa.decimal256(70, 0), Decimal(10**69), str(10**69)),
        (pa.float64(), 0.1, "0.1"),
        (pa.float64(), 1e22, "1" + "0" * 22),
        (pa.float64(), 1.5e-7, "0.00000015"),
        (pa.float64(), 12345678901234567.0, "12345678901234568"),
        (pa.float32(), 0.1, "0.1"),
        (pa.float64(), float("nan"), "nan"),
        (pa.bool_(), True, "true"),
        (pa.date32(), datetime.date(2026, 11, 20), "2026-11-20"),
        (pa.time64("ns"), 1, "00:00:00.000000001"),
        (pa.timestamp("s"), 0, "1970-01-01T00:00:00.000"),
        (pa.timestamp("ms"), 1, "1970-01-01T00:00:00.001"),
        (pa.timestamp("ns"), 1, "1970-01-01T00:00:00.000000001"),
        (pa.timestamp("ns"), 123_456_000, "1970-01-01T00:00:00.123456"),
        (pa.timestamp("ns", "UTC"), 0, "1970-01-01T00:00:00.000000Z"),
        # Local mean time: an offset of 57 minutes and 44 seconds cannot be written.
        (pa.timestamp("s", "Europe/Prague"), -5_000_000_000, "1811-07-23T15:06:40.000Z"),
        (pa.timestamp("us", "UTC"), 1, "1970-01-01T00:00:00.000001Z"),
        (pa.timestamp("us", "Europe/Prague"), 0, "1970-01-01T01:00:00.000000+01:00"),
        (pa.duration("ms"), 5, "5"),
        (pa.binary(), b"\x00\xff", "00ff"),
        (pa.list_(pa.decimal128(5, 2)), [Decimal("1.5"), None], "[1.50,null]"),
        (pa.list_(pa.string()), [], "[]"),
        (
            pa.struct([("n", pa.int8()), ("t", pa.timestamp("ns"))]),
            {"n": 1, "t": 1},
            '{"n":1,"t":"1970-01-01T00:00:00.000000001"}',
        ),
        (pa.map_(pa.string(), pa.list_(pa.int8())), [("k", [1, 2])], '[["k",[1,2]]]'),
        (pa.list_(pa.list_(pa.float64())), [[1.5], None], "[[1.5],null]"),
    ],
)
def test_a_value_of_each_type_is_exact(
    tmp_path: Path, kind: pa.DataType, value: Any, expected: str
) -> None:
    values = pa.array([None, value, value, None, value], kind)
    table = pa.table({"n": pa.array(range(5)), "v": values})

    for rows_a_group in (1, 3, 5):
        reading = read_table(tmp_path, table, ("n", "v"), rows_a_group)
        assert [value for _, value in reading.values] == [None, expected, expected, None, expected]


def test_row_groups_are_segments_with_their_own_row_numbers(tmp_path: Path) -> None:
    table = pa.table({"b": [1, None, 3, 4, 5], "a": ["x", " ", "y", "n\0l", "z"]})

    reading = read_table(tmp_path, table, ("a",), 2)

    assert [segment.first_row_number for segment in reading.segments] == [1, 3, 5]
    assert reading.totals.row_count == 5
    assert reading.values == [("x",), ("y",), ("z",)]
    assert reading.extras == [{"b": "1"}, {"b": "3"}, {"b": "5"}]
    assert reading.blank_count == 1
    assert reading.reasons == [(4, "NUL_BYTE")]


def test_the_senders_hash_works_on_parquet(tmp_path: Path) -> None:
    import hashlib

    path = tmp_path / "file.parquet"
    pq.write_table(pa.table({"a": ["x", "y"]}), path)

    reading = read(path, FORMAT, ("a",), sender_hash=SenderHash(("a",)))

    assert reading.totals.sender_hash == hashlib.sha256(b"x\ny").hexdigest()
    assert reading.totals.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_columns_are_mapped_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="missing c"):
        read_table(tmp_path, pa.table({"a": [1]}), ("a", "c"))


def test_columns_may_be_called_otherwise_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    pq.write_table(pa.table({"User ID": [1], "note": ["x"]}), path)

    reading = read(path, FileFormat(kind="parquet", column_mapping={"User ID": "a"}), ("a",))

    assert reading.values == [("1",)]
    assert reading.extras == [{"note": "x"}]


def test_a_table_without_rows_holds_no_record(tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="holds no record"):
        read_table(tmp_path, pa.table({"a": pa.array([], pa.int8())}), ("a",))


def test_without_pyarrow_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)

    with pytest.raises(ConfigurationError, match="pyarrow is not installed") as caught:
        read(path, FORMAT, ("a",))

    assert "trustgate[parquet]" in caught.value.remedy


def test_timestamps_of_spark_hold_any_year(tmp_path: Path) -> None:
    moments = [
        datetime.datetime(1000, 1, 1),
        datetime.datetime(1677, 9, 21, 0, 12, 43),
        datetime.datetime(2026, 1, 5, 10, 0, 0, 5),
        None,
        datetime.datetime(2262, 12, 31),
        datetime.datetime(9999, 12, 31, 23, 59, 59, 999_999),
    ]
    table = pa.table({"at": pa.array(moments, pa.timestamp("us")), "a": ["x"] * len(moments)})
    pq.write_table(table, tmp_path / "file.parquet", use_deprecated_int96_timestamps=True)
    reading = read(tmp_path / "file.parquet", FORMAT, ("at", "a"))
    assert [at for at, _ in reading.values] == [
        one and one.isoformat(timespec="microseconds") for one in moments
    ]


def test_a_uuid_is_written_as_one(tmp_path: Path) -> None:
    kind = getattr(pa, "uuid", None)
    if kind is None:
        pytest.skip("this pyarrow has no type for a UUID")
    one = uuid.UUID("0e4f90fd-3891-599d-0000-000000000001")
    table = pa.table({"id": pa.array([one.bytes], pa.binary(16)).cast(kind())})
    assert read_table(tmp_path, table, ("id",)).values == [(str(one),)]


def test_the_nanoseconds_of_sparks_timestamps_are_kept_in_any_year(tmp_path: Path) -> None:
    # No type of Arrow holds such a moment, so that the file is changed byte by byte.
    marker = datetime.datetime(2001, 2, 3, 4, 5, 6)
    path = tmp_path / "file.parquet"
    table = pa.table({"at": pa.array([marker, None], pa.timestamp("us")), "n": [1, 2]})
    pq.write_table(
        table,
        path,
        use_deprecated_int96_timestamps=True,
        use_dictionary=False,
        compression="none",
        write_statistics=False,
    )
    content = path.read_bytes()
    written = int96(marker, 0)
    assert content.count(written) == 1
    for year, nanosecond in ((1000, 123_456_789), (1, 1), (2026, 7), (9999, 999_999_999)):
        moment = datetime.datetime(year, 12, 31, 23, 59, 59)
        path.write_bytes(content.replace(written, int96(moment, nanosecond)))
        assert read(path, FORMAT, ("at", "n")).values == [
            (f"{moment.isoformat()}.{nanosecond:09}", "1"),
            (None, "2"),
        ]


def int96(moment: datetime.datetime, nanosecond: int) -> bytes:
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    of_day = seconds * 10**9 + nanosecond
    return of_day.to_bytes(8, "little") + (moment.toordinal() + 1_721_425).to_bytes(4, "little")


def test_nested_timestamps_of_spark_are_exact_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    for moment, expected in (
        (datetime.datetime(2026, 1, 5, 10, 0, 0, 5), '["2026-01-05T10:00:00.000005"]'),
        (datetime.datetime(2262, 12, 31), None),
    ):
        nested = pa.array([[moment], None], pa.list_(pa.timestamp("us")))
        pq.write_table(pa.table({"at": nested}), path, use_deprecated_int96_timestamps=True)
        if expected:
            assert read(path, FORMAT, ("at",)).values == [(expected,)]
        else:
            with pytest.raises(OperationalError, match="before 1678 or after 2261"):
                read(path, FORMAT, ("at",))


@pytest.mark.parametrize("kind", [pa.timestamp("s"), pa.timestamp("ms")])
def test_a_year_that_has_no_text_is_refused(tmp_path: Path, kind: pa.DataType) -> None:
    with pytest.raises(OperationalError, match="a year that has no text"):
        read_table(tmp_path, pa.table({"at": pa.array([10**15], kind)}), ("at",))


def test_a_uuid_is_one_without_the_schema_of_arrow(tmp_path: Path) -> None:
    kind = getattr(pa, "uuid", None)
    if kind is None:
        pytest.skip("this pyarrow has no type for a UUID")
    one = uuid.UUID("0e4f90fd-3891-599d-0000-000000000001")
    table = pa.table({"id": pa.array([one.bytes, None], pa.binary(16)).cast(kind()), "n": [1, 2]})
    path = tmp_path / "file.parquet"
    pq.write_table(table, path, store_schema=False)
    assert read(path, FORMAT, ("id", "n")).values == [(str(one), "1"), (None, "2")]
