"""Which files belong to which entity."""

from __future__ import annotations

import os
from pathlib import Path
from unicodedata import normalize

import pytest

from runner.errors import ConfigurationError
from runner.loading.entities import Entity
from runner.loading.files import find_files

from .loader import PARTS, THINGS


def touched(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def found(folder: Path, *entities: Entity) -> dict[str, list[str]]:
    files: dict[str, list[str]] = {}
    for file in find_files(folder, entities or (THINGS, PARTS)).files:
        name = file.path.relative_to(folder).as_posix()
        files.setdefault(file.entity.name, []).append(name)
    return files


def test_files_belong_to_the_entity_they_are_called_after(tmp_path: Path) -> None:
    names = [
        *("THINGS.CSV", "things-2026-11-20.csv.gz", "things.eu.jsonl", "things/part-1.parquet"),
        *("things/part-2.csv.zst", "things_20261120.tsv"),
    ]
    touched(tmp_path, *names, "parts.txt", "manifest.json", "parts.txt.ctl", ".hidden.csv")
    assert found(tmp_path) == {"things": sorted(names), "parts": ["parts.txt"]}
    assert find_files(tmp_path, [THINGS, PARTS]).strangers == ()


def test_an_entity_is_found_in_any_normal_form_of_its_name(tmp_path: Path) -> None:
    names = [*(f"{normalize('NFD', 'köder')}{end}" for end in ("-1.csv", ".csv", "/1.csv"))]
    touched(tmp_path, *names)
    assert [*found(tmp_path, Entity(normalize("NFC", "köder"), ("id",))).values()] == [
        sorted(names)
    ]


def test_a_file_whose_name_is_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    touched(tmp_path, os.fsdecode(b"notes-\xe9.md"), "things.csv")
    assert found(tmp_path) == {"things": ["things.csv"]}
    touched(tmp_path, os.fsdecode(b"things-\xe9.csv"))
    with pytest.raises(ConfigurationError, match=r"name of things-\\xe9\.csv is not UTF-8"):
        find_files(tmp_path, [THINGS])


def test_the_longest_entity_that_fits_a_name_is_meant(tmp_path: Path) -> None:
    touched(tmp_path, "things-old.csv", "things-old-1.csv", "things-1.csv")
    old = Entity("things-old", ("thing_id",))
    assert found(tmp_path, THINGS, old) == {
        "things": ["things-1.csv"],
        "things-old": ["things-old-1.csv", "things-old.csv"],
    }


def test_what_belongs_to_nobody_is_told(tmp_path: Path) -> None:
    names = [
        "thingsother.csv",
        "things_old.csv",
        "readme.md",
        "other/part-1.csv",
        "things/notes.md",
    ]
    touched(tmp_path, "things.csv", *names)
    strangers = find_files(tmp_path, [THINGS, PARTS]).strangers
    assert [path.relative_to(tmp_path).as_posix() for path in strangers] == [
        *("other", "readme.md", "things/notes.md", "things_old.csv", "thingsother.csv")
    ]


@pytest.mark.parametrize(
    ("names", "only", "words"),
    [
        ([], (), "has no things.csv or parts.csv"),
        (["other.csv"], (), "has no things.csv or parts.csv"),
        (["things.csv"], ("parts",), "has no parts.csv"),
        (["things.csv"], ("thing",), "no entity thing"),
    ],
)
def test_a_directory_without_the_files_is_refused(
    names: list[str], only: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    touched(tmp_path, *names)
    with pytest.raises(ConfigurationError, match=words) as caught:
        find_files(tmp_path, [THINGS, PARTS], only)
    assert caught.value.remedy


def test_a_directory_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "things.csv"
    file.touch()
    with pytest.raises(ConfigurationError, match="is a file; a load needs a directory"):
        find_files(file, [THINGS])
    with pytest.raises(ConfigurationError, match="does not exist"):
        find_files(tmp_path / "absent", [THINGS])
