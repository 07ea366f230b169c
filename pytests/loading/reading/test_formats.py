"""Formats: told by a file's name, completed by a declaration, refused where they cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.errors import ConfigurationError
from runner.loading.reading import ControlRecord, FileFormat, declared_format, detect_format


@pytest.mark.parametrize(
    ("name", "kind", "delimiter"),
    [
        ("payments.csv", "delimited", ","),
        ("payments.TSV", "delimited", "\t"),
        ("payments-2026.11.20.psv.gz", "delimited", "|"),
        ("payments.ndjson.zst", "json_lines", ","),
        ("payments.parquet", "parquet", ","),
    ],
)
def test_a_name_tells_the_format(name: str, kind: str, delimiter: str) -> None:
    found = detect_format(Path(name))

    assert (found.kind, found.delimiter) == (kind, delimiter)


def test_a_name_without_a_known_suffix_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="is unknown from its name"):
        detect_format(Path("payments.xlsx"))


def test_a_declaration_completes_what_the_name_tells() -> None:
    declared = {
        "encoding": "latin-1",
        "quote": None,
        "trailer": {"type": "TRL", "fields": ["record_count", None]},
        "column_mapping": {"User Name": "name"},
        "optional_columns": ["name"],
    }

    found = declared_format(declared, Path("people.tsv"))

    assert found == FileFormat(
        delimiter="\t",
        quote=None,
        encoding="latin-1",
        trailer=ControlRecord("TRL", ("record_count", "")),
        column_mapping={"User Name": "name"},
        optional_columns=("name",),
    )


@pytest.mark.parametrize(
    ("declared", "complaint"),
    [
        ({"kind": "xml"}, "kind is 'xml'"),
        ({"delimeter": ";"}, "unknown key 'delimeter'"),
        ({"delimiter": ";;"}, "the delimiter is ';;'"),
        ({"quote": ","}, "the quote is ','"),
        ({"encoding": "klingon"}, "encoding 'klingon' is unknown"),
        ({"encoding": "base64"}, "encoding 'base64' is unknown"),
        ({"has_header": False}, "no columns are declared"),
        ({"columns": "id"}, "columns of the format is 'id'"),
        ({"column_mapping": ["Order ID"]}, "column_mapping of the format is"),
        ({"column_mapping": {"Order ID": None}}, "column_mapping of the format is"),
        ({"column_mapping": {"ID": "id", "Id": "id"}}, "gives two columns the same name"),
        (
            {"column_mapping": {"ID": "id"}, "has_header": False, "columns": ["ID"]},
            "applies to files with column names",
        ),
        ({"kind": "fixed_width"}, "without a layout"),
        ({"kind": "fixed_width", "layout": [{"name": "id"}]}, "field 1 cannot be read"),
        (
            {"kind": "fixed_width", "layout": [{"name": "id", "start": 0, "length": 1}]},
            "starts at 0",
        ),
        (
            {
                "kind": "fixed_width",
                "layout": [{"name": "id", "start": 1, "length": 9}],
                "record_length": 8,
            },
            "cannot hold a layout of 9",
        ),
        (
            {
                "kind": "fixed_width",
                "layout": [{"name": "id", "start": 1, "length": 9}],
                "record_length": 9,
                "encoding": "utf-8",
            },
            "one byte a character|without line ends in utf-8",
        ),
        ({"kind": "json_lines", "trailer": {"type": "T"}}, "no header or trailer"),
        (
            {"header": {"type": "H", "fields": ["n"]}, "trailer": {"type": "T", "fields": ["n"]}},
            "name a field twice",
        ),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(
    declared: dict[str, object], complaint: str
) -> None:
    with pytest.raises(ConfigurationError, match=complaint) as caught:
        declared_format(declared, Path("people.csv"))

    assert caught.value.remedy
