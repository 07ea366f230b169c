"""Whatever a file holds: no crash, counts that add up, no record lost and none invented.

TRUSTGATE_FUZZ_SECONDS says how long to look, TRUSTGATE_TEST_SEED where to begin.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path

import pytest

from runner.errors import RunnerError
from runner.loading import incoming
from runner.loading.model import LoadedBatch
from runner.loading.reading import Limits, Record, Reject, detect_format
from runner.loading.reading.escaping import unescaped

from .loader import THINGS, Loader
from .random_files import RandomFile, random_file
from .reading.sources import Reading, read

SECONDS = float(os.environ.get("TRUSTGATE_FUZZ_SECONDS", "5"))
FILES = 25
"""Loaded at a time; those refused as a whole are tried alone."""
SIZES = [
    *(Limits(segment=500, block=250, careful=100), Limits(segment=4000, block=1000, careful=500)),
    *(Limits(segment=20_000, block=20_000), Limits()),
]


@pytest.mark.timeout(SECONDS + 300)
def test_random_files_land_record_by_record_or_are_refused(
    loader: Loader, seed: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    until = time.monotonic() + SECONDS
    tried = refused = records = 0
    while tried == 0 or time.monotonic() < until:
        chance = random.Random(f"{seed}/{tried}")
        monkeypatch.setattr(incoming, "LIMITS", chance.choice(SIZES))
        readings: dict[str, tuple[RandomFile, Reading]] = {}
        is_first_refused = True
        for number in range(tried, tried + FILES):
            file = random_file(chance, number)
            path = loader.folder / file.name
            path.write_bytes(file.content)
            try:
                readings[str(path)] = file, read(path, detect_format(path), THINGS.columns)
            except RunnerError as error:
                assert file.records is None, (file, error)
                assert error.message
                refused += 1
                if is_first_refused:
                    _assert_refused(loader, file)
                is_first_refused = False
                path.unlink()
        tried += FILES
        for batch in loader.load(workers=chance.choice([1, 2]), max_rejects=1, force=True):
            file, reading = readings.pop(batch.file)
            records += _assert_landed(loader, batch, file, reading)
        assert not readings
        _clear(loader)
    with capsys.disabled():
        print(f"\n{tried} random files, {refused} refused, {records} records landed, as they must")


def _assert_refused(loader: Loader, file: RandomFile) -> None:
    """A file that reading refuses as a whole comes to nothing."""
    alone = loader.folder.parent / "alone"
    alone.mkdir()
    (alone / file.name).write_bytes(file.content)
    other = Loader(loader.profile, loader.project, loader.database, alone)
    with pytest.raises(RunnerError):
        other.load(max_rejects=1)
    assert other.is_untouched(), file
    shutil.rmtree(alone)


def _assert_landed(loader: Loader, batch: LoadedBatch, file: RandomFile, reading: Reading) -> int:
    """What landed is what the file holds, where that is known, and what reading it slowly finds."""
    landed = loader.rows(
        "select _row_number, thing_id, amount, note, _extra from landing.things"
        " where _batch_id = %s order by _row_number",
        [batch.batch_id],
    )
    rejects = [
        (row_number, reason, unescaped(raw))
        for row_number, reason, raw in loader.rows(
            "select row_number, reason, raw_line from quality.rejects where batch_id = %s"
            " order by row_number",
            [batch.batch_id],
        )
    ]
    order = [reading.reader.columns.index(column) for column in THINGS.columns]
    assert landed == [
        (row.row_number, *(row.values[place] for place in order), _as_extra(row.extra))
        for row in reading.rows
        if isinstance(row, Record)
    ], file
    assert rejects == [
        (row.row_number, row.reason.value, row.raw)
        for row in reading.rows
        if isinstance(row, Reject)
    ], file
    if file.records is not None:
        assert landed == [
            (row_number, *values, extra) for row_number, values, extra in file.records
        ], file
        assert tuple((number, raw) for number, _, raw in rejects) == file.refused, file
    counts = (batch.loaded_count, batch.rejected_count, batch.blank_count)
    assert counts == (len(landed), len(rejects), reading.blank_count), file
    assert sum(counts) == reading.totals.row_count
    assert loader.rows(
        "select sum(records_read) as r, sum(records_written) as w, sum(records_rejected) as n,"
        " sum(records_blank) as b from quality.batch_workers where batch_id = %s",
        [batch.batch_id],
    ) == [(sum(counts), *counts)]
    return len(landed)


def _as_extra(extra: object) -> object:
    return extra or None


def _clear(loader: Loader) -> None:
    for name in loader.slices():
        loader.rows(f'drop table landing."{name}"')
    for table in ("batches", "batch_workers", "rejects"):
        loader.rows(f"truncate quality.{table}")
    for path in list(Path(loader.folder).iterdir()):
        path.unlink()
