"""Delimited files: dialects, encodings, packing, columns, control records, the sender's hash."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from runner.errors import ConfigurationError, OperationalError
from runner.loading.reading import (
    ControlRecord,
    FileFormat,
    Limits,
    Reject,
    RejectReason,
    SenderHash,
    open_source,
)

from .sources import read, text_of

COLUMNS = ("id", "name")
TEXT = 'id,name\n1,Žofie\n2,"two\nlines, ""quoted"""\n3,\n4,""\n'
VALUES = [("1", "Žofie"), ("2", 'two\nlines, "quoted"'), ("3", None), ("4", "")]


def write(folder: Path, content: bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", b""),
        ("utf-32", b""),
        ("cp1250", b""),
        ("iso8859-2", b""),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_text_is_the_same_in_every_encoding_and_packing(
    tmp_path: Path, encoding: str, mark: bytes, pack: Callable[[bytes], bytes]
) -> None:
    content = pack(mark + TEXT.encode(encoding))
    path = write(tmp_path, content)

    reading = read(path, FileFormat(encoding=encoding), COLUMNS, limits=Limits(block=5, segment=20))

    assert reading.values == VALUES
    assert reading.totals.sha256 == hashlib.sha256(content).hexdigest()
    assert reading.totals.size_bytes == len(content)
    assert "".join(part.decode() for part in text_of(reading)) == TEXT.partition("\n")[2]


def test_a_mainframe_s_line_ends_are_line_ends(tmp_path: Path) -> None:
    content = b"\x15".join(line.encode("cp037") for line in ("id,name", "1,a", "2,b"))

    reading = read(write(tmp_path, content), FileFormat(encoding="cp037"), COLUMNS)

    assert reading.values == [("1", "a"), ("2", "b")]


def test_bytes_that_are_no_text_are_refused_as_they_stood(tmp_path: Path) -> None:
    lines = [line.encode("utf-16-le") for line in ("id,name\n", "1,a", "\n", "2,b\n")]
    lines[1] += b"\x00\xd8"

    reading = read(
        write(tmp_path, codecs.BOM_UTF16_LE + b"".join(lines)),
        FileFormat(encoding="utf-16"),
        COLUMNS,
    )

    assert reading.values == [("2", "b")]
    assert reading.reasons == [(1, "BAD_ENCODING")]
    assert reading.rejects[0].raw == lines[1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("block", [1, 2, 100])
def test_byte_order_marks_of_files_put_together_are_no_text(
    tmp_path: Path, encoding: str, block: int
) -> None:
    mark = "\ufeff".encode(encoding)
    texts = ["id,name\n1,a\n", "2,b\n", "", "3,c\n4,\ufeffd\n"]
    expected = [("1", "a"), ("2", "b"), ("3", "c"), ("4", "\ufeffd")]
    for pack in (gzip.compress, zstandard.compress):
        content = b"".join(pack(mark + text.encode(encoding)) for text in texts)
        path = write(tmp_path, content)
        reading = read(path, FileFormat(encoding=encoding), COLUMNS, limits=Limits(block=block))
        assert reading.values == expected
    # A member may start anywhere; what is a mark there is a character of a value.
    content = gzip.compress("id,name\n1,a".encode(encoding)) + gzip.compress(mark)
    path = write(tmp_path, content)
    reading = read(path, FileFormat(encoding=encoding), COLUMNS, limits=Limits(block=block))
    assert reading.values == [("1", "a\ufeff")]


def test_a_second_byte_order_mark_at_the_start_is_no_text(tmp_path: Path) -> None:
    for content in (
        codecs.BOM_UTF8 * 2 + TEXT.encode(),
        codecs.BOM_UTF8 * 3 + TEXT.replace("id,name", '"id","name"').encode(),
        gzip.compress(codecs.BOM_UTF8 * 2 + TEXT.encode()),
    ):
        reading = read(write(tmp_path, content), FileFormat(), COLUMNS)
        assert reading.values == VALUES
    path = write(tmp_path, codecs.BOM_UTF16_LE * 2 + TEXT.encode("utf-16-le"))
    assert read(path, FileFormat(encoding="utf-16"), COLUMNS).values == VALUES


def test_several_gzip_members_and_zstandard_frames_are_one_text(tmp_path: Path) -> None:
    halves = (b"id,name\n1,a\n", b"2,b\n")

    for pack in (gzip.compress, zstandard.compress):
        path = write(tmp_path, b"".join(map(pack, halves)))
        assert read(path, FileFormat(), COLUMNS).values == [("1", "a"), ("2", "b")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "\x1f", "§"])
def test_any_character_delimits(tmp_path: Path, delimiter: str) -> None:
    text = f'name{delimiter}id\n"a{delimiter}b"{delimiter}1\n'

    reading = read(write(tmp_path, text.encode()), FileFormat(delimiter=delimiter), COLUMNS)

    assert reading.reader.columns == ("name", "id")
    assert reading.values == [(f"a{delimiter}b", "1")]


def test_without_quotes_a_quote_is_text(tmp_path: Path) -> None:
    path = write(tmp_path, b'id,name\n1,"5" pipe\n2,"\n')

    reading = read(path, FileFormat(quote=None), COLUMNS)

    assert reading.values == [("1", '"5" pipe'), ("2", '"')]
    assert [segment.is_clean for segment in reading.segments] == [True]


def test_unknown_columns_are_kept_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, b'colour,id,name,size\nred,1,a,\n"",2,b,L\n')

    reading = read(path, FileFormat(), COLUMNS)

    assert reading.reader.extra_columns == ("colour", "size")
    assert reading.values == [("1", "a"), ("2", "b")]
    assert reading.extras == [{"colour": "red", "size": None}, {"colour": "", "size": "L"}]


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ('"', b'1,a,"{""colour"":""r\xc3\xa9d"",""size"":null}"\n'),
        ("'", b"""1,a,'{"colour":"r\xc3\xa9d","size":null}'\n"""),
        (None, b'1,a,\x01{"colour":"r\xc3\xa9d","size":null}\x01\n'),
    ],
)
def test_unknown_columns_go_to_copy_as_one_object(
    tmp_path: Path, quote: str | None, expected: bytes
) -> None:
    path = write(tmp_path, "colour,id,size,name\r\nréd,1,,a\r\n".encode())

    reading = read(path, FileFormat(quote=quote), COLUMNS)

    assert [segment.is_clean for segment in reading.segments] == [True]
    assert reading.reader.copies_extra
    assert list(text_of(reading)) == [expected]


@pytest.mark.parametrize("value", [b'"a,b"', b'"a"', b"a\\", b"a\tb"])
def test_unknown_columns_with_text_that_json_escapes_go_the_careful_way(
    tmp_path: Path, value: bytes
) -> None:
    path = write(tmp_path, b"id,name,colour\n1,a," + value + b"\n")

    reading = read(path, FileFormat(), COLUMNS)

    assert [segment.is_clean for segment in reading.segments] == [False]
    assert reading.extras == [{"colour": value.decode().strip('"')}]


def test_unknown_columns_of_lines_that_make_up_for_each_other_go_the_careful_way(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, b"id,name,colour\n1,a\n2,b,c,d\n3,e,f\n")

    reading = read(path, FileFormat(), COLUMNS)

    assert [segment.is_clean for segment in reading.segments] == [False]
    assert reading.reasons == [(1, "FIELD_COUNT"), (2, "FIELD_COUNT")]


def test_an_optional_column_may_be_missing(tmp_path: Path) -> None:
    path = write(tmp_path, b"id\n1\n")

    assert read(path, FileFormat(), COLUMNS, ("name",)).reader.columns == ("id",)
    assert read(path, FileFormat(optional_columns=("name",)), COLUMNS).values == [("1",)]
    with pytest.raises(ConfigurationError, match="missing name"):
        read(path, FileFormat(), COLUMNS)


def test_an_optional_column_in_other_case_is_not_lost(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Name instead of name"):
        read(write(tmp_path, b"id,Name\n1,a\n"), FileFormat(), COLUMNS, ("name",))


def test_columns_may_be_called_otherwise_in_the_file(tmp_path: Path) -> None:
    file_format = FileFormat(column_mapping={"User ID": "id", "user": "name"})

    path = write(tmp_path, b"user,colour,User ID\na,red,1\n")
    reading = read(path, file_format, COLUMNS)

    assert reading.reader.columns == ("name", "id")
    assert reading.values == [("a", "1")]
    assert reading.extras == [{"colour": "red"}]
    assert read(write(tmp_path, b"id,name\n1,a\n"), file_format, COLUMNS).values == [("1", "a")]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"User ID,name,user", "given twice name"),
        (b"User ID", "missing user"),
        (b"user id,user", "user id instead of User ID"),
        (b"ID,user", "ID instead of User ID"),
    ],
)
def test_what_is_wrong_is_said_in_the_names_of_the_file(
    tmp_path: Path, header: bytes, said: str
) -> None:
    file_format = FileFormat(column_mapping={"User ID": "id", "user": "name"})

    with pytest.raises(ConfigurationError, match=f"wrong columns: {said}[.]") as caught:
        read(write(tmp_path, header + b"\n1,2,3\n"), file_format, COLUMNS)

    assert caught.value.remedy.startswith("The file must name, in any order: User ID, user.")
    assert ("column_mapping" in caught.value.remedy) == ("instead of" in said)


def test_a_mapping_to_no_column_of_landing_is_refused(tmp_path: Path) -> None:
    file_format = FileFormat(column_mapping={"User ID": "user_id"})

    with pytest.raises(
        ConfigurationError, match="maps User ID to user_id, which landing does not have"
    ):
        read(write(tmp_path, b"id,name\n"), file_format, COLUMNS)


def test_header_and_trailer_records_are_control_and_no_data(tmp_path: Path) -> None:
    path = write(tmp_path, b'HDR,2026-11-20,x\nid,name\n1,a\n2,b\n"TRL",2,,,\n\n \n')
    file_format = FileFormat(
        header=ControlRecord("HDR", fields=("business_date", "")),
        trailer=ControlRecord("TRL", fields=("record_count",)),
    )

    for limits in (Limits(), Limits(block=3, segment=4)):
        reading = read(path, file_format, COLUMNS, limits=limits)

        assert reading.values == [("1", "a"), ("2", "b")]
        assert reading.totals.row_count == 2
        assert reading.totals.control == {"business_date": "2026-11-20", "record_count": "2"}
        assert reading.segments[0].first_line_number == 3


def test_a_file_of_control_records_alone_has_no_record_and_says_so(tmp_path: Path) -> None:
    file_format = FileFormat(trailer=ControlRecord("TRL", fields=("record_count",)))

    reading = read(write(tmp_path, b"id,name\nTRL,0\n"), file_format, COLUMNS)

    assert reading.totals.row_count == 0
    assert reading.totals.control == {"record_count": "0"}


def test_the_senders_hash_is_over_named_fields_of_what_can_be_read(tmp_path: Path) -> None:
    path = write(tmp_path, b'id,name,size\n1,"a,b",L\n\nbroken\n2,,XL\n')
    expected = hashlib.sha256(b"L|a,b|1\nXL||2").hexdigest()

    reading = read(path, FileFormat(), COLUMNS, sender_hash=SenderHash(("size", "name", "id")))

    assert reading.totals.sender_hash == expected


def test_the_senders_hash_of_an_unknown_column_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, b"id,name\n1,a\n")

    with pytest.raises(ConfigurationError, match="has no column size"):
        read(path, FileFormat(), COLUMNS, sender_hash=SenderHash(("size",)))


def test_a_file_that_changes_between_scan_and_reading_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, b"id,name\n1,a\n")
    source = open_source(path, FileFormat(), COLUMNS)
    segments = list(source.segments())
    write(tmp_path, b"id,name\n1,a\n2,b\n")

    with pytest.raises(OperationalError, match="changed while it was being loaded"):
        list(source.reader.rows(segments[0]))
    with pytest.raises(OperationalError, match="changed while it was being loaded"):
        list(source.reader.chunks(segments[0]))


def test_only_what_surrounds_a_broken_line_goes_the_careful_way(tmp_path: Path) -> None:
    good = b'1,"some name"\n' * 1000
    path = write(tmp_path, b"id,name\n" + good * 10 + b'x,"y"z\n' + good * 10)

    reading = read(
        path, FileFormat(), COLUMNS, limits=Limits(segment=1 << 20, block=1 << 14, careful=1 << 10)
    )

    careful = [segment for segment in reading.segments if not segment.is_clean]
    assert len(careful) == 1
    assert careful[0].length < 3 << 10
    assert reading.reasons == [(10_001, "BROKEN_QUOTING")]
    assert reading.rejects[0].line_number == 10_002
    assert reading.rejects[0].raw == b'x,"y"z'


def test_only_what_surrounds_a_broken_character_goes_the_careful_way(tmp_path: Path) -> None:
    good = "1,какое-то имя\n".encode() * 1000
    bad = b"x,\xd0\n"
    path = write(tmp_path, b"id,name\n" + good * 5 + bad + good * 5 + bad + bad + good * 5)
    limits = Limits(segment=1 << 20, block=1 << 15, careful=1 << 10)

    reading = read(path, FileFormat(), COLUMNS, limits=limits)

    careful = [segment for segment in reading.segments if not segment.is_clean]
    assert len(careful) == 2
    assert all(segment.length < 4 << 10 for segment in careful)
    assert reading.reasons == [(number, "BAD_ENCODING") for number in (5_001, 10_002, 10_003)]


def test_a_refused_line_is_capped_and_its_length_kept(tmp_path: Path) -> None:
    line = b"x" * 50_000
    path = write(tmp_path, b"id,name\n" + line + b"\n1,a\n")

    reject = read(path, FileFormat(), COLUMNS).rejects[0]

    assert reject.raw == line[:8192]
    assert reject.raw_length == 50_000


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_an_endless_line_is_refused_in_bounded_memory(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    path = write(tmp_path, pack(b"id,name\n1,a\n" + b"x" * (96 << 20) + b"\n2,b\n"))
    limits = Limits(segment=1 << 20, block=1 << 16, record=1 << 20)

    tracemalloc.start()
    source = open_source(path, FileFormat(), COLUMNS, limits=limits)
    rows = [row for segment in source.segments() for row in source.reader.rows(segment)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert [type(row).__name__ for row in rows] == ["Record", "Reject", "Record"]
    assert isinstance(rows[1], Reject)
    assert rows[1].reason is RejectReason.TOO_LONG
    assert source.totals.row_count == 3
    assert peak < 48 << 20


def test_long_quoted_values_do_not_cost_memory_or_squares(tmp_path: Path) -> None:
    path = write(tmp_path, b"id,name\n" + b'1,"' + b'line ""x""\n' * 400_000 + b'"\n2,b\n')
    limits = Limits(block=1 << 14)

    reading = read(path, FileFormat(), COLUMNS, limits=limits)

    assert [len(value or "") for _, value in reading.values] == [9 * 400_000, 1]
    assert reading.segments[0].is_clean


def test_a_source_holds_no_file_open_before_and_after_its_segments(tmp_path: Path) -> None:
    path = write(tmp_path, b"id,name\n" + b"1,a\n" * 100_000)
    descriptors = Path("/proc/self/fd")

    tracemalloc.start()
    before = len(list(descriptors.iterdir()))
    sources = [open_source(path, FileFormat(), COLUMNS) for _ in range(200)]
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert len(list(descriptors.iterdir())) == before
    assert kept < 4 << 20
    assert len(list(sources[0].segments())) == 1
    assert len(list(descriptors.iterdir())) == before


@pytest.mark.parametrize(
    "line",
    [b"\\.", b"\\.\r", b",", b"a\rb,c", b"a\0b,c", b"a,b,c", b"a", b'""', b"1,a\r"],
)
def test_what_copy_of_any_version_may_read_otherwise_is_not_clean(
    tmp_path: Path, line: bytes
) -> None:
    path = write(tmp_path, b"id,name\n1,a\n2,b\n" + line + b"\n3,c\n")

    reading = read(path, FileFormat(), COLUMNS)

    assert [segment.is_clean for segment in reading.segments] == [False]


def test_the_end_marker_of_copy_is_a_value_like_any_other(tmp_path: Path) -> None:
    path = write(tmp_path, b"id\n1\n\\.\n2\n")

    reading = read(path, FileFormat(), ("id",))

    assert reading.values == [("1",), ("\\.",), ("2",)]
    assert [segment.is_clean for segment in reading.segments] == [False]
