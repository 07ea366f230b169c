"""Files are checked, counted and streamed without taking them apart."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner import csv_file
from runner.errors import ConfigurationError, RunnerError, TroubleError

VALUES = st.text(alphabet='ab ,"\n\r\\.é', max_size=6)
SEPARATORS = st.sampled_from(["", "", "", "  ", "\t"])


def write(directory: Path, content: bytes) -> Path:
    path = directory / "things.csv"
    path.write_bytes(content)
    return path


def streamed(path: Path) -> bytes:
    return b"".join(csv_file.chunks(csv_file.inspect(path)))


@given(
    records=st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=12),
    blanks=st.lists(st.tuples(st.integers(0, 12), SEPARATORS), max_size=6),
    line_end=st.sampled_from(["\n", "\r\n"]),
    ends=st.booleans(),
    mark=st.booleans(),
    chunk_bytes=st.integers(1, 40),
)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_file_streams_as_its_records_with_each_empty_line_a_blank_one(
    records: list[tuple[str, str]],
    blanks: list[tuple[int, str]],
    line_end: str,
    ends: bool,
    mark: bool,
    chunk_bytes: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_file, "CHUNK_BYTES", chunk_bytes)
    lines = []
    for record in records:
        line = io.StringIO()
        csv.writer(line, lineterminator="", quoting=csv.QUOTE_ALL).writerow(record)
        lines.append(line.getvalue())
    expected: list[list[str]] = [list(record) for record in records]
    for place, blank in sorted(blanks, reverse=True):
        lines.insert(place, blank)
        expected.insert(place, ["", ""])
    content = line_end.join(["a,b", *lines]) + (line_end if ends else "")
    if not ends and not lines[-1]:
        # Without a line end, an empty last line is not there.
        expected.pop()
    if not expected:
        return
    path = write(tmp_path, (b"\xef\xbb\xbf" if mark else b"") + content.encode())
    found = csv_file.inspect(path)
    assert found.line_count == len(expected)
    text = streamed(path).decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["a", "b"], *expected]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\na,b\n1,2\n", "the first line is empty"),
        (b"a,b\n", "a header and no record"),
        (b"a,b", "a header and no record"),
        (b"a,b\r1,2\r", "carriage return only"),
        (b"a,b" * 400_000, "the first line is longer"),
        (b"a,b\n1,caf\xe9\n", "line 2: it is not UTF-8 (byte 0xe9)"),
        (b"a,b\n1,2\n3,\xe2\x82", "line 3: it is not UTF-8"),
        (b"a,b\n1,\0\n", "line 2: there is a NUL byte"),
        ("a,b\n1,2\n".encode("utf-16"), "not UTF-8"),
        (b'a,b\n1,"2\n3,4\n', "the quote on line 2 is never closed"),
        (b'a,"b\n1,2\n', "quoting cannot be read"),
        (b"a,b\n\\.\n1,2\n", "holds only `\\.`"),
        (b"a,b\n1,2\n\\.\n", "holds only `\\.`"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_refused_in_words(
    content: bytes, words: str, tmp_path: Path
) -> None:
    with pytest.raises(TroubleError) as caught:
        streamed(write(tmp_path, content))
    assert words in caught.value.message
    assert "things.csv" in caught.value.message
    assert caught.value.remedy


def test_a_byte_that_spans_chunks_is_not_taken_for_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "CHUNK_BYTES", 6)
    path = write(tmp_path, "a,b\né,é\néé,ééé\n".encode())
    assert csv_file.inspect(path).line_count == 2


def test_a_file_that_changes_under_the_load_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, b"a,b\n1,2\n")
    found = csv_file.inspect(path)
    path.write_bytes(b"a,b\n1,3\n")
    with pytest.raises(TroubleError, match="changed while it was being loaded"):
        list(csv_file.chunks(found))


def test_a_directory_or_a_missing_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(RunnerError, match="is not a file"):
            csv_file.inspect(path)


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    csv_file.check_columns(csv_file.inspect(write(tmp_path, b'"b", a\n1,2\n')), ["a", "b"])


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (b"a", "missing b"),
        (b"a,b,c", "unknown c"),
        (b"a,x", "missing b; unknown x"),
        (b"a,b,a", "given twice a"),
        (b"a,b,", "unknown (empty name)"),
        (b"a;b", "unknown a;b"),
    ],
)
def test_wrong_columns_are_named_with_those_allowed(
    header: bytes, words: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        csv_file.check_columns(csv_file.inspect(write(tmp_path, header + b"\n1,2\n")), ["a", "b"])
    assert words in caught.value.message
    assert "a, b" in caught.value.remedy
