"""The collection: files as they arrive broken, made by code, and what each must end as."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field

import zstandard

from runner.loading.reading import ControlRecord, Field, FileFormat

COLUMNS = ("id", "amount", "note")
HEADER = b"id,amount,note\n"
GOOD = b"1,10.00,first\n2,20.00,second\n"
GOOD_RECORDS = (("1", "10.00", "first"), ("2", "20.00", "second"))
LONGEST_BYTES = 16 << 20
CSV = FileFormat()
JSON = FileFormat(kind="json_lines")
PARQUET = FileFormat(kind="parquet")
TRAILED = FileFormat(trailer=ControlRecord("TRL", fields=("record_count", "amount_total")))
FIXED = FileFormat(
    kind="fixed_width",
    layout=(Field("id", 2, 3), Field("amount", 5, 6, "both"), Field("note", 11, 5)),
    record_type=Field("record_type", 1, 1),
    detail_type="D",
    header=ControlRecord("H", layout=(Field("business_date", 2, 8),)),
    trailer=ControlRecord("T", layout=(Field("record_count", 2, 5),)),
)
Values = tuple[str | None, ...]


@dataclass(frozen=True)
class Damaged:
    """A damaged file.

    Attributes:
        name: What is wrong with it, a few words with underscores.
        content: Its bytes.
        records: Values of the records that can be read, as COLUMNS has them.
        rejects: Row number and reason of each record that cannot.
        blank_count: Wholly blank rows.
        error: Words of the error where the file is refused as a whole; then nothing else counts.
        file_format: How it is declared.
        file_name: What it is called.
        control: What its header and trailer records say.
    """

    name: str
    content: bytes
    records: tuple[Values, ...] = ()
    rejects: tuple[tuple[int, str], ...] = ()
    blank_count: int = 0
    error: str | None = None
    file_format: FileFormat = CSV
    file_name: str = "payments.csv"
    control: dict[str, str] = field(default_factory=dict)


def _whole_files() -> list[Damaged]:
    packed = gzip.compress(HEADER + GOOD * 1000, mtime=0)
    frame = zstandard.compress(HEADER + GOOD * 1000)
    return [
        Damaged("empty", b"", error="is empty"),
        Damaged("white_space_only", b" \n\n  \n", error="is empty"),
        Damaged("mark_only", b"\xef\xbb\xbf", error="is empty"),
        Damaged("header_only", HEADER, error="holds no record"),
        Damaged("no_header", GOOD, error="missing id, amount, note"),
        Damaged("empty_line_before_header", b"\n" + HEADER + GOOD, error="the header is empty"),
        Damaged("column_missing", b"id,amount\n1,2\n", error="missing note"),
        Damaged("column_twice", b"id,amount,note,id\n1,2,3,4\n", error="given twice id"),
        Damaged("column_without_name", b"id,,amount,note\n1,2,3,4\n", error="no name at place 2"),
        Damaged("column_in_capitals", b"ID,amount,note\n1,2,3\n", error="ID instead of id"),
        Damaged("header_quote_open", b'id,"amount,note\n1,2,3\n', error="quoting cannot be read"),
        Damaged("header_with_nul", b"id,amount,note\0\n1,2,3\n", error="NUL character"),
        Damaged("header_not_utf8", b"id,amount,n\xf6te\n1,2,3\n", error="is not utf-8"),
        Damaged("other_delimiter", b"id;amount;note\n1;2;3\n", error="missing id, amount, note"),
        Damaged("carriage_returns_only", HEADER.replace(b"\n", b"\r") + b"1,2,3\r", error="only"),
        Damaged("utf16_undeclared", (HEADER + GOOD).decode().encode("utf-16"), error="not utf-8"),
        Damaged("header_endless", b"id," * 800_000, error="longer than a header"),
        Damaged("gzip_cut", packed[:-20], error="gzip data is damaged"),
        Damaged(
            "gzip_flipped",
            packed[:30] + bytes((packed[30] ^ 255,)) + packed[31:],
            error="gzip data is damaged",
        ),
        Damaged("gzip_with_junk_behind", packed + b"junk", error="gzip data is damaged"),
        Damaged("zstandard_cut", frame[:-5], error="zstd data is damaged"),
        Damaged("zstandard_with_junk_behind", frame + b"junk", error="zstd data is damaged"),
        Damaged("no_parquet", b"PAR1 but no more", error="as Parquet", file_format=PARQUET),
    ]


def _quoting() -> list[Damaged]:
    return [
        Damaged(
            "quote_never_closed",
            HEADER + b'0,"oops,x\n' + GOOD,
            GOOD_RECORDS,
            ((1, "BROKEN_QUOTING"),),
        ),
        Damaged(
            "quote_never_closed_before_quoted_lines",
            HEADER + b'0,"oops,x\n1,"10.00","first"\n2,"20.00",second\n',
            GOOD_RECORDS,
            ((1, "BROKEN_QUOTING"),),
        ),
        Damaged(
            "quote_never_closed_in_last_line",
            HEADER + GOOD + b'3,30,"third',
            GOOD_RECORDS,
            ((3, "BROKEN_QUOTING"),),
        ),
        Damaged(
            "quote_inside_a_value",
            HEADER + b'0,5" pipe,x\n' + GOOD,
            GOOD_RECORDS,
            ((1, "BROKEN_QUOTING"),),
        ),
        Damaged(
            "text_after_a_closing_quote",
            HEADER + b'0,"5"0,x\n' + GOOD,
            GOOD_RECORDS,
            ((1, "BROKEN_QUOTING"),),
        ),
        Damaged(
            "space_before_a_quote",
            HEADER + b'0, "5",x\n' + GOOD,
            GOOD_RECORDS,
            ((1, "BROKEN_QUOTING"),),
        ),
        Damaged(
            "backslash_before_a_quote",
            HEADER + b'0,"a \\" b",x\n' + GOOD,
            GOOD_RECORDS,
            ((1, "BROKEN_QUOTING"),),
        ),
        Damaged(
            "quoted_line_end_with_too_many_values",
            HEADER + b'0,"5\n6",x,y\n' + GOOD,
            GOOD_RECORDS,
            ((1, "FIELD_COUNT"),),
        ),
        Damaged(
            "every_line_broken",
            HEADER + b'0,"5"0,x\n' * 5,
            (),
            tuple((number, "BROKEN_QUOTING") for number in range(1, 6)),
        ),
    ]


def _lines() -> list[Damaged]:
    def one_bad(name: str, line: bytes, reason: str) -> Damaged:
        return Damaged(name, HEADER + line + b"\n" + GOOD, GOOD_RECORDS, ((1, reason),))

    return [
        one_bad("too_few_values", b"0,5", "FIELD_COUNT"),
        one_bad("too_many_values", b"0,5,x,y", "FIELD_COUNT"),
        one_bad("free_text_between", b"--- page 2 ---", "FIELD_COUNT"),
        one_bad("end_marker_of_copy", b"\\.", "FIELD_COUNT"),
        one_bad("byte_not_utf8", b"0,5,caf\xe9", "BAD_ENCODING"),
        one_bad("overlong_utf8", b"0,5,\xc0\xaf", "BAD_ENCODING"),
        one_bad("half_a_surrogate_pair", b"0,5,\xed\xa0\x80", "BAD_ENCODING"),
        one_bad("nul_byte", b"0,5,a\0b", "NUL_BYTE"),
        one_bad("carriage_return_inside", b"0,5,a\rb", "CARRIAGE_RETURN"),
        one_bad("two_carriage_returns_at_the_end", b"0,5,a\r\r", "CARRIAGE_RETURN"),
        one_bad("endless_line", b"0,5," + b"x" * LONGEST_BYTES, "TOO_LONG"),
        Damaged(
            "cut_in_the_last_line", HEADER + GOOD + b"3,30", GOOD_RECORDS, ((3, "FIELD_COUNT"),)
        ),
        Damaged(
            "cut_in_a_character",
            HEADER + GOOD + b"3,30,\xc3",
            GOOD_RECORDS,
            ((3, "BAD_ENCODING"),),
        ),
        Damaged(
            "header_again_in_the_middle",
            HEADER + GOOD[:14] + HEADER + GOOD[14:],
            (GOOD_RECORDS[0], ("id", "amount", "note"), GOOD_RECORDS[1]),
        ),
        Damaged(
            "zeroes_behind_a_crash",
            HEADER + GOOD + b"\0" * 5000,
            GOOD_RECORDS,
            ((3, "NUL_BYTE"),),
        ),
        Damaged(
            "end_of_file_sign",
            HEADER + GOOD + b"\x1a",
            GOOD_RECORDS,
            ((3, "FIELD_COUNT"),),
        ),
        Damaged("line_ends_mixed", HEADER + GOOD.replace(b"\n", b"\r\n", 1), GOOD_RECORDS),
        Damaged("no_last_line_end", (HEADER + GOOD)[:-1], GOOD_RECORDS),
        Damaged(
            "blank_rows",
            HEADER + b"\n,,\n" + GOOD + b' , ,\n"","",""\n\xc2\xa0,\t,\xef\xbb\xbf\n  \r\n',
            GOOD_RECORDS,
            blank_count=6,
        ),
        Damaged(
            "one_of_each",
            HEADER + b'x,"y\n\n' + GOOD + b"\xff,,\n,,,,,\na\0,b,c\n9\n",
            GOOD_RECORDS,
            ((1, "BROKEN_QUOTING"), (5, "BAD_ENCODING"), (7, "NUL_BYTE"), (8, "FIELD_COUNT")),
            blank_count=2,
        ),
    ]


def _control_records() -> list[Damaged]:
    said = {"record_count": "2", "amount_total": "30.00"}
    return [
        Damaged("trailer_missing", HEADER + GOOD, error="is not a trailer", file_format=TRAILED),
        Damaged(
            "trailer_cut", HEADER + GOOD + b"TRL,2", error="1 values, not 2", file_format=TRAILED
        ),
        Damaged(
            "trailer_in_the_middle",
            HEADER + GOOD[:14] + b"TRL,1,10\n" + GOOD[14:] + b"TRL,2,30.00\n\n",
            GOOD_RECORDS,
            ((2, "RECORD_TYPE"),),
            file_format=TRAILED,
            control=said,
        ),
        Damaged(
            "trailer_behind_an_open_quote",
            HEADER + GOOD + b'3,"30,x\nTRL,2,30.00\n',
            GOOD_RECORDS,
            ((3, "BROKEN_QUOTING"),),
            file_format=TRAILED,
            control=said,
        ),
    ]


def _json_lines() -> list[Damaged]:
    good = b'{"id":1,"amount":10.00,"note":"first"}\n{"id":2,"amount":20.00,"note":"second"}\n'

    def one_bad(name: str, line: bytes, reason: str) -> Damaged:
        return Damaged(
            f"json_{name}",
            line + b"\n" + good,
            GOOD_RECORDS,
            ((1, reason),),
            file_format=JSON,
            file_name="payments.jsonl",
        )

    return [
        one_bad("cut", b'{"id":1,"amount":', "BAD_JSON"),
        one_bad("array", b"[1,2,3]", "BAD_JSON"),
        one_bad("not_a_number", b'{"id":NaN}', "BAD_JSON"),
        one_bad("comma_behind", b'{"id":1},', "BAD_JSON"),
        one_bad("nested_too_deeply", b'{"id":' + b"[" * 100_000, "BAD_JSON"),
        one_bad("key_twice", b'{"id":1,"id":2}', "REPEATED_KEY"),
        one_bad("nul_byte", b'{"id":"\0"}', "NUL_BYTE"),
        one_bad("nul_escape", b'{"id":"\\u0000"}', "NUL_BYTE"),
        one_bad("half_a_surrogate_pair", b'{"id":"\\ud800"}', "BAD_ENCODING"),
        one_bad("byte_not_utf8", b'{"id":"\xff"}', "BAD_ENCODING"),
        Damaged(
            "json_required_key_nowhere",
            b'{"id":1,"note":"x"}\n',
            error="no object has amount",
            file_format=JSON,
            file_name="payments.jsonl",
        ),
    ]


def _fixed_width() -> list[Damaged]:
    def fixed(
        name: str,
        middle: bytes,
        rejects: tuple[tuple[int, str], ...] = (),
        *,
        end: bytes = b"T00002\n",
        error: str | None = None,
    ) -> Damaged:
        return Damaged(
            f"fixed_width_{name}",
            b"H20261120\n" + b"D1   10.00first\n" + middle + b"D2   20.00second\n" + end,
            (GOOD_RECORDS[0], ("2", "20.00", "secon")),
            rejects,
            error=error,
            file_format=FIXED,
            file_name="payments.dat",
            control={"business_date": "20261120", "record_count": "00002"},
        )

    return [
        fixed("line_short", b"D3   30\n", ((2, "RECORD_LENGTH"),)),
        fixed("type_unknown", b"X3   30.00third\n", ((2, "RECORD_TYPE"),)),
        fixed("header_in_the_middle", b"H20261121      \n", ((2, "RECORD_TYPE"),)),
        fixed("byte_not_utf8", b"D3   30.00\xff    \n", ((2, "BAD_ENCODING"),)),
        fixed("nul_byte", b"D3   30.00a\0   \n", ((2, "NUL_BYTE"),)),
        fixed("trailer_missing", b"", end=b"", error="is not a trailer"),
    ]


DAMAGED: tuple[Damaged, ...] = (
    *_whole_files(),
    *_quoting(),
    *_lines(),
    *_control_records(),
    *_json_lines(),
    *_fixed_width(),
)
"""Every damaged file of the collection; names are unique."""
