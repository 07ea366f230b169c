"""Whatever the bytes and the declared format: each row is told once, or the file refused."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.errors import RunnerError
from runner.loading.reading import ControlRecord, Field, FileFormat, Limits, Record

from .sources import read

COLUMNS = ("a", "b")
LAYOUT = (Field("a", 1, 2), Field("b", 3, 3))
DELIMITED = FileFormat(has_header=False, columns=COLUMNS)
FIXED = FileFormat(kind="fixed_width", layout=LAYOUT)
TYPED = replace(
    FIXED,
    record_type=Field("type", 1, 1),
    detail_type="D",
    trailer=ControlRecord("T", layout=(Field("count", 2, 2),)),
)
FORMATS = [
    FileFormat(),
    *(replace(DELIMITED, encoding=one) for one in ("latin-1", "utf-16", "cp037", "shift_jis")),
    *(replace(DELIMITED, encoding=one) for one in ("utf-7", "utf-32", "cp1252", "ascii")),
    FileFormat(kind="json_lines", optional_columns=COLUMNS),
    FileFormat(kind="json_lines", optional_columns=COLUMNS, encoding="utf-16-be"),
    *(FIXED, replace(FIXED, may_be_short=True), replace(FIXED, encoding="utf-16")),
    *(replace(FIXED, record_length=7, encoding=one) for one in ("cp037", "latin-1")),
    *(TYPED, replace(TYPED, record_length=6, encoding="latin-1")),
    FileFormat(kind="parquet"),
]
PIECES = [
    b"a,b\n",
    b"1,2\n",
    b'{"a":',
    b'"b"',
    b"}\n",
    b"[",
    b"\\u0000",
    b"\n",
    b"D1234\n",
    b"T01\n",
]
ANY = st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=30).map(b"".join)


@given(ANY, st.sampled_from(FORMATS), st.booleans(), st.sampled_from([2, 9, 5000]))
@settings(
    max_examples=int(os.environ.get("TRUSTGATE_TEST_EXAMPLES", "400")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_bytes_in_any_format_are_told_row_by_row_or_refused(
    tmp_path: Path, content: bytes, file_format: FileFormat, is_packed: bool, size: int
) -> None:
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(content, 1) if is_packed else content)

    try:
        reading = read(
            path, file_format, COLUMNS, limits=Limits(block=size, segment=size, record=40)
        )
    except RunnerError as error:
        assert error.message and error.remedy
        return

    assert [row.row_number for row in reading.rows] == list(range(1, len(reading.rows) + 1))
    assert reading.totals.row_count == len(reading.rows)
    for row in reading.rows:
        if isinstance(row, Record):
            assert len(row.values) == len(reading.reader.columns)
            for value in (*row.values, *(row.extra or {}).values()):
                assert value is None or (value.encode() is not None and "\0" not in value)
