"""JSON Lines: values as they stand, whatever the object looks like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.errors import ConfigurationError
from runner.loading.reading import Blank, FileFormat, Limits, Record
from runner.loading.reading.blank import WHITE_SPACE

from .sources import Reading, read

FORMAT = FileFormat(kind="json_lines")


def read_lines(
    folder: Path, text: str, columns: tuple[str, ...] = ("a", "b"), optional: tuple[str, ...] = ()
) -> Reading:
    path = folder / "file.jsonl"
    path.write_bytes(text.encode())
    return read(path, FORMAT, columns, optional, limits=Limits(block=9, segment=20))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12.50", "12.50"),
        ("1e400", "1e400"),
        ("-0", "-0"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("true", "true"),
        ("false", "false"),
        ("null", None),
        ('""', ""),
        (r'"line\nend \u00e9 \ud83d\ude00"', "line\nend é 😀"),
        ('{ "x" : [1.0, "}"] , "x":2}', '{ "x" : [1.0, "}"] , "x":2}'),
        (r'[1, 2.50, "\u0000", "a,b"]', r'[1, 2.50, "\u0000", "a,b"]'),
        ("[]", "[]"),
    ],
)
def test_a_value_comes_as_it_is_written(tmp_path: Path, written: str, expected: str | None) -> None:
    reading = read_lines(tmp_path, f'{{"b": "x" , "a":{written}}}\n')

    assert reading.values == [(expected, "x")]
    assert reading.extras == [None]


def test_unknown_keys_are_kept_and_missing_ones_are_null(tmp_path: Path) -> None:
    reading = read_lines(tmp_path, '{"a":1,"z":{"y": 2}}\n{"b":2,"\\u007a":null}\n')

    assert reading.values == [("1", None), (None, "2")]
    assert reading.extras == [{"z": '{"y": 2}'}, {"z": None}]


def test_objects_with_nothing_in_them_are_blank_as_empty_lines_are(tmp_path: Path) -> None:
    reading = read_lines(tmp_path, '{"a":1,"b":2}\r\n\r\n{}\n{"a":null,"b":" "}\n \n')

    assert reading.values == [("1", "2")]
    assert reading.blank_count == 4


@pytest.mark.parametrize(
    "hiding",
    [
        '{"a":1,"z":{"b":2}}',
        '{"a":1,"z":[{"b":2}]}',
        '{"a":"\\"b\\":2"}',
        '{"a":1,"z":"b"}',
        '{"a":1}\n{"a":2,"z":{"b":[]}}\n{"c":',
    ],
)
def test_a_key_of_something_else_is_no_column(tmp_path: Path, hiding: str) -> None:
    with pytest.raises(ConfigurationError, match="no object has b"):
        read_lines(tmp_path, hiding + "\n")
    assert read_lines(tmp_path, hiding + '\n{"b":1}').values[-1] == (None, "1")


def test_a_key_is_found_however_it_is_escaped(tmp_path: Path) -> None:
    assert read_lines(tmp_path, '{"a":1,"\\u0062":2}\n').values == [("1", "2")]
    with pytest.raises(ConfigurationError, match="no object has b"):
        read_lines(tmp_path, '{"a":1,"z":{"\\u0062":2}}\n')


def test_the_keys_of_a_line_that_is_too_long_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    limits = Limits(block=9, segment=20, record=40)
    long = '{"a":1,"b":"' + "x" * 100 + '"}\n'
    path.write_text(long + '{"a":2}\n')
    with pytest.raises(ConfigurationError, match="no object has b"):
        read(path, FORMAT, ("a", "b"), limits=limits)
    path.write_text(long + '{"b":2}\n{"a":3}')
    assert read(path, FORMAT, ("a", "b"), limits=limits).values == [(None, "2"), ("3", None)]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_byte_order_marks_at_the_start_are_no_text(tmp_path: Path, count: int) -> None:
    assert read_lines(tmp_path, "\ufeff" * count + '{"a":1,"b":2}').values == [("1", "2")]


def test_keys_may_be_called_otherwise_in_the_file(tmp_path: Path) -> None:
    file_format = FileFormat(kind="json_lines", column_mapping={"user": "b"})
    path = tmp_path / "file.jsonl"

    path.write_text('{"user":1,"a":2}\n{"b":3}\n{"b":4,"user":5}\n')
    reading = read(path, file_format, ("a", "b"))

    assert reading.values == [("2", "1"), (None, "3")]
    assert reading.reasons == [(3, "REPEATED_KEY")]
    path.write_text('{"a":2}\n')
    with pytest.raises(ConfigurationError, match="no object has user"):
        read(path, file_format, ("a", "b"))
    exchanged = FileFormat(kind="json_lines", column_mapping={"a": "b", "user": "a"})
    with pytest.raises(ConfigurationError, match="no object has user"):
        read(path, exchanged, ("a", "b"))


def test_a_required_key_that_no_object_has_is_an_error_at_the_end(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no object has b"):
        read_lines(tmp_path, '{"a":1}\n{"a":2,"B":1}\n')

    assert read_lines(tmp_path, '{"a":1}\n', optional=("b",)).values == [("1", None)]
    late = '{"a":1}\n' * 50 + '{"b":1}\n'
    assert len(read_lines(tmp_path, late).values) == 51


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
VALUE: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def as_text(value: Any) -> str | None:
    """A value as it comes, one that nests in the one form the test gives it."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


@given(st.lists(st.dictionaries(TEXT, VALUE, max_size=4), min_size=1), st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_objects_of_any_kind_come_back_whole(
    tmp_path: Path, objects: list[dict[str, Any]], is_ascii: bool
) -> None:
    objects = [*objects, {"a": "last"}]
    text = "".join(f"{json.dumps(one, ensure_ascii=is_ascii)}\n" for one in objects)

    reading = read_lines(tmp_path, text, ("a",))

    for row, one in zip(reading.rows, objects, strict=True):
        expected = {key: as_text(value) for key, value in one.items()}
        if isinstance(row, Record):
            found = {"a": row.values[0], **(row.extra or {})}
            for key, value in one.items():
                if isinstance(value, list | dict):
                    found[key] = json.dumps(json.loads(found[key] or ""))
            assert found == {"a": None, **expected}
        else:
            assert isinstance(row, Blank)
            assert not any(value and value.strip(WHITE_SPACE) for value in expected.values())
