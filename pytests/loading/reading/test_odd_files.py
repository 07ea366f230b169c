"""Files that are not what their names say, and names that look like those of columns."""

from __future__ import annotations

import gzip
import io
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from runner.errors import ConfigurationError, OperationalError, RunnerError
from runner.loading.reading import FileFormat

from .sources import read

COLUMNS = ("order_id", "status")
Kind = Literal["delimited", "json_lines"]


def refusal(path: Path, content: bytes, file_format: FileFormat | None = None) -> RunnerError:
    path.write_bytes(content)
    with pytest.raises(RunnerError) as caught:
        read(path, file_format or FileFormat(), COLUMNS)
    return caught.value


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("orders.csv", "order_id,status\n1,x\n")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (zipped(), "a ZIP archive or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Excel workbook"),
        (b"PAR1" + b"\x15\x04" * 40 + b"PAR1", "Parquet"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"BZh91AY&SY", "packed with bzip2"),
        (b"\xfd7zXZ\0\0\4", "packed with xz"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("kind", ["delimited", "json_lines"])
def test_a_file_that_is_no_text_is_called_what_it_is(
    tmp_path: Path, content: bytes, what: str, pack: Callable[[bytes], bytes], kind: Kind
) -> None:
    error = refusal(tmp_path / "orders.csv", pack(content), FileFormat(kind=kind))
    assert isinstance(error, OperationalError)
    assert f"is {what}" in error.message
    assert error.remedy


@pytest.mark.parametrize("written", ["PKx", "BZ", "%PDF", "PAR"])
def test_text_that_starts_like_another_format_is_text(tmp_path: Path, written: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(f"{written},order_id,status\n1,2,3\n")
    assert read(path, FileFormat(), COLUMNS).values == [("2", "3")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[{"order_id": 1, "status": "x"}]', "one JSON array"),
        ('\ufeff\n [\n {\n  "order_id": 1\n }\n]\n', "one JSON array"),
        ("[\n]", "one JSON array"),
        ('{\n  "order_id": 1,\n  "status": "x"\n}\n', "JSON whose objects span several lines"),
    ],
)
def test_a_json_document_is_refused_with_the_way_to_convert_it(
    tmp_path: Path, text: str, what: str
) -> None:
    error = refusal(tmp_path / "orders.jsonl", text.encode(), FileFormat(kind="json_lines"))
    assert f"holds {what}" in error.message
    assert "jq -c" in (error.remedy or "")


def test_a_line_that_is_an_array_is_refused_alone(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text('[1, 2]\n{"order_id": 1, "status": "x"}\n')
    reading = read(path, FileFormat(kind="json_lines"), COLUMNS)
    assert (reading.values, reading.reasons) == ([("1", "x")], [(1, "BAD_JSON")])


@pytest.mark.parametrize(
    "name",
    ["\u200border_id", "order\u00ad_id", "ORDER_ID", "order_id\u200f", "order_\u3000id"],
)
def test_a_name_that_looks_like_a_column_is_shown_beside_it(tmp_path: Path, name: str) -> None:
    error = refusal(tmp_path / "orders.csv", f"{name},status,shop\n1,x,y\n".encode())
    assert isinstance(error, ConfigurationError)
    assert f"{name} instead of order_id" in error.message
    assert f"It names {name}, status, shop." in (error.remedy or "")


def test_the_names_of_a_wide_file_are_shown_in_part(tmp_path: Path) -> None:
    names = ["x" * 500, *(f"c{place}" for place in range(1, 2000))]
    error = refusal(tmp_path / "orders.csv", f"{','.join(names)}\n{',' * 1999}\n".encode())
    assert "missing order_id, status" in error.message
    assert "c29 and 1,970 more." in (error.remedy or "")
    assert len(error.remedy or "") < 500


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("kind", ["delimited", "json_lines"])
def test_names_of_columns_meet_in_normal_form(
    tmp_path: Path, form: Literal["NFC", "NFD"], kind: Kind
) -> None:
    path = tmp_path / "file"
    first, second = (unicodedata.normalize(form, name) for name in ("číslo", "Jméno"))
    if kind == "delimited":
        path.write_text(f"{first},{second}\n1,a\n")
    else:
        path.write_text(f'{{"{first}": 1, "{second}": "a"}}\n')
    other = unicodedata.normalize("NFD" if form == "NFC" else "NFC", "Jméno")
    file_format = FileFormat(kind=kind, column_mapping={other: "name"})
    assert read(path, file_format, ("číslo", "name")).values == [("1", "a")]
