"""Every damaged file ends as the collection says, whatever the sizes it is read in."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.errors import RunnerError
from runner.loading.reading import Limits

from ..loading.reading.sources import read
from .catalogue import COLUMNS, DAMAGED, Damaged

SMALL = Limits(segment=40, block=16, careful=8)


def test_the_collection_has_forty_kinds_of_damage_with_names_of_their_own() -> None:
    names = [damaged.name for damaged in DAMAGED]

    assert len(set(names)) == len(names) >= 40


CASES = [
    pytest.param(damaged, limits, id=f"{damaged.name}-{size}")
    for damaged in DAMAGED
    for limits, size in ((Limits(), "usual"), (SMALL, "small"))
    # Megabytes in blocks of a few bytes would take minutes.
    if limits is not SMALL or len(damaged.content) < 100_000
]


@pytest.mark.parametrize(("damaged", "limits"), CASES)
def test_a_damaged_file_ends_as_documented(
    tmp_path: Path, damaged: Damaged, limits: Limits
) -> None:
    path = tmp_path / damaged.file_name
    path.write_bytes(damaged.content)

    if damaged.error is not None:
        with pytest.raises(RunnerError) as caught:
            read(path, damaged.file_format, COLUMNS, limits=limits)
        assert damaged.error in caught.value.message
        assert str(path) in caught.value.message
        assert caught.value.remedy
        return

    reading = read(path, damaged.file_format, COLUMNS, limits=limits)

    assert reading.values == list(damaged.records)
    assert reading.reasons == list(damaged.rejects)
    assert reading.blank_count == damaged.blank_count
    assert reading.totals.control == damaged.control
    assert reading.totals.row_count == (
        len(damaged.records) + len(damaged.rejects) + damaged.blank_count
    )
