"""How the files of an entity are written, where it depends on their names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runner.errors import ConfigurationError
from runner.loading.entities import Entity

LAYOUT = [{"name": "id", "start": 1, "length": 4}]


def declared(**by_name: Any) -> Entity:
    """An entity of fixed-width files, some of which differ."""
    common = {"kind": "fixed_width", "encoding": "ascii", "layout": LAYOUT}
    return Entity("things", ("id",), declared={**common, "by_name": by_name["by_name"]})


def test_files_of_other_names_differ_in_what_is_said_of_them_only() -> None:
    entity = declared(
        by_name={
            "*.ebcdic.dat": {"encoding": "cp037", "record_length": 4},
            "*.dat": {"encoding": "latin-1"},
        }
    )
    found = {
        name: (one.encoding, one.record_length, one.layout[0].name)
        for name in ("things-1.ebcdic.dat", "things-1.dat", "things-1.txt")
        for one in [entity.format_of(Path("/in") / name)]
    }
    assert found == {
        "things-1.ebcdic.dat": ("cp037", 4, "id"),
        "things-1.dat": ("latin-1", None, "id"),
        "things-1.txt": ("ascii", None, "id"),
    }


@pytest.mark.parametrize(
    ("by_name", "said"),
    [
        (["*.dat"], "by_name is"),
        ({"*.dat": "cp037"}, "by_name is"),
        ({"*.dat": {"encodin": "cp037"}}, "encodin"),
    ],
)
def test_what_cannot_be_said_of_names_is_refused(by_name: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match="base_things, meta: format") as caught:
        declared(by_name=by_name).format_of(Path("things-1.dat"))
    assert said in caught.value.message
