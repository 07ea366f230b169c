"""Loads: all of a directory or nothing, once, numbered and counted whatever the workers."""

from __future__ import annotations

import gzip
import hashlib
import multiprocessing
import re
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from runner.errors import ConfigurationError, OperationalError, RunnerError
from runner.loading import incoming, slices
from runner.loading.messages import Counts, FileTask
from runner.loading.pool import Pool
from runner.loading.reading import Limits, detect_format, open_source
from runner.loading.reading.escaping import unescaped
from runner.loading.refusals import RefusalLimit
from runner.loading.slices import Slice
from runner.loading.worker import Worker

from .loader import THINGS, Loader

HEADER = "thing_id,amount,note\n"


def test_records_land_as_they_are_whatever_the_order_of_columns(loader: Loader) -> None:
    content = '\ufeffnote,amount,thing_id\n"a ""quote"", and\nmore",1.50,T1\n"",,T2\nnull,x,T3\n'
    (batch,) = loader.load({"things.csv": content})
    assert loader.landed() == [
        (1, "T1", "1.50", 'a "quote", and\nmore'),
        (2, "T2", None, ""),
        (3, "T3", "x", "null"),
    ]
    assert (batch.status, batch.loaded_count, batch.blank_count) == ("LOADED", 3, 0)


def test_blank_rows_of_all_kinds_are_counted_and_left_out(loader: Loader) -> None:
    content = HEADER + '\nT1,1,x\n,,\n  , ,\t\n   \n"",,\u00a0\nT2,2,\n\n'
    (batch,) = loader.load({"things.csv": content})
    assert loader.landed() == [(2, "T1", "1", "x"), (7, "T2", "2", None)]
    assert (batch.loaded_count, batch.rejected_count, batch.blank_count) == (2, 0, 6)
    (worker,) = loader.rows(
        "select records_read, records_written, records_rejected, records_blank"
        " from quality.batch_workers"
    )
    assert worker == (8, 2, 0, 6)


def test_a_batch_says_what_was_loaded_and_how(loader: Loader) -> None:
    (batch,) = loader.load({"things.csv": HEADER + "T1,1.5,\nT2,2.25,a b\n"})
    found = loader.rows(
        "select batch_id, dataset, entity, source_file, file_sha256, size_bytes, expected_count,"
        " loaded_count, status, worker_count, amount_total from quality.batches"
    )
    content = (loader.folder / "things.csv").read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    assert found == [
        (
            *(batch.batch_id, "shop", "things", "things.csv", sha256, len(content), 2, 2),
            *("LOADED", 1, None),
        )
    ]
    assert loader.rows("select distinct _batch_id, _worker_id from landing.things") == [
        (batch.batch_id, 0)
    ]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_workers_share_a_file_and_each_row_keeps_its_number(
    workers: int, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "LIMITS", Limits(segment=2000, block=1000, careful=500))
    lines = [
        f"T{number},{number},note {number}\n"
        if number % 50
        else ("broken\n" if number % 100 else "\n")
        for number in range(1, 2001)
    ]
    (batch,) = loader.load({"things.csv": HEADER + "".join(lines)}, workers=workers)
    expected = [
        (number, f"T{number}", str(number), f"note {number}")
        for number in range(1, 2001)
        if number % 50
    ]
    assert loader.landed() == expected
    assert (batch.loaded_count, batch.rejected_count, batch.blank_count) == (1960, 20, 20)
    by_worker = loader.rows(
        "select worker_id, records_read, records_written, records_rejected, records_blank"
        " from quality.batch_workers order by worker_id"
    )
    assert [row[0] for row in by_worker] == list(range(workers))
    assert [sum(column) for column in list(zip(*by_worker, strict=True))[1:]] == [
        *(2000, 1960, 20, 20)
    ]
    written = loader.rows("select _worker_id, count(*) from landing.things group by 1 order by 1")
    assert written == [(row[0], row[2]) for row in by_worker]


def test_what_cannot_be_read_is_kept_byte_by_byte_with_its_reason(loader: Loader) -> None:
    bad = b'T2,\xff\\,x\nT3,1\nT4,"1"2,x\n'
    good = b"".join(b"G%d,1,x\n" % number for number in range(100))
    (batch,) = loader.load({"things.csv": HEADER.encode() + b"T1,1,x\n" + bad + good})
    assert batch.rejected_count == 3
    assert batch.reasons == {"BAD_ENCODING": 1, "FIELD_COUNT": 1, "BROKEN_QUOTING": 1}
    rejects = loader.rows(
        "select row_number, line_number, reason, raw_line from quality.rejects order by 1"
    )
    assert [(row[0], row[1], row[2]) for row in rejects] == [
        (2, 3, "BAD_ENCODING"),
        (3, 4, "FIELD_COUNT"),
        (4, 5, "BROKEN_QUOTING"),
    ]
    assert [unescaped(row[3]) for row in rejects] == bad.splitlines()


def test_too_many_rejects_stop_the_load_and_say_why(loader: Loader) -> None:
    content = HEADER + "T1,1,x\n" * 18 + "T2\nT3\n"
    with pytest.raises(OperationalError, match=r"2 of 20 records cannot be read \(2 FIELD_COUNT\)"):
        loader.load({"parts.csv": "part_id\nP1\n", "things.csv": content})
    assert loader.is_untouched()
    (batch, _) = sorted(
        loader.load(max_rejects=Decimal("0.1")), key=lambda one: one.entity, reverse=True
    )
    assert (batch.loaded_count, batch.rejected_count) == (18, 2)


def test_a_start_with_too_many_rejects_stops_a_load_before_the_rest_is_read(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "LIMITS", Limits(segment=20_000, block=10_000, careful=500))
    start = "".join(f"T{number},1,x\n" + "T\n" * (number % 10 == 0) for number in range(11_000))
    rest = "".join(f"R{number},1,x\n" for number in range(400_000))
    # In all 0.3 % are refused, less than is allowed: the start alone says that something is wrong.
    words: list[str] = []
    for workers in (1, 2):
        with pytest.raises(OperationalError) as caught:
            loader.load({"things.csv": HEADER + start + rest}, workers=workers)
        words.append(caught.value.message)
    assert re.search(r"of the first 1\d,\d\d\d records cannot be read \(.* FIELD_COUNT\)", words[0])
    assert words[1] == words[0], "it does not depend on who reads what first"
    assert loader.is_untouched()


@pytest.mark.parametrize(
    ("refused", "blank", "is_too_many"), [(5, 0, False), (6, 0, True), (5, 1, True)]
)
def test_a_load_stops_once_no_row_to_come_can_bring_the_share_below_the_limit(
    refused: int, blank: int, is_too_many: bool
) -> None:
    limit = RefusalLimit(Path("things.csv"), Decimal("0.05"))
    part = Counts(read=10, written=10 - refused - blank, rejected=refused, blank=blank)
    limit.add(3, part)
    if not is_too_many:
        limit.check(row_count=100)
        return
    with pytest.raises(OperationalError, match=f"at least {refused} of {100 - blank} records"):
        limit.check(row_count=100)


def test_unknown_columns_go_to_copy_with_their_names(loader: Loader) -> None:
    loader.write({"things.csv": "thing_id,colour,amount,note\nT1,red,1,x\nT2,,2,\n"})
    path = loader.folder / "things.csv"
    source = open_source(path, detect_format(path), THINGS.columns)
    reader = source.reader
    assert reader.copies_extra
    own = Slice("things", "0a0a0a0a", 0, 0, "B1", reader.columns, has_extra=True)
    slices.create(loader.database, own)
    here, there = multiprocessing.Pipe()
    worker = Worker(loader.database, there)
    (segment,) = source.segments()
    assert segment.is_clean
    counts = worker.copy(FileTask(own, reader, THINGS.columns, (), "try_numeric"), segment)
    assert counts == Counts(2, 2, copies=1, extra_columns=frozenset({"colour"}))
    assert loader.rows(f"select _row_number, thing_id, note, _extra from landing.{own.name}") == [
        (1, "T1", "x", {"colour": "red"}),
        (2, "T2", None, {"colour": None}),
    ]
    here.close()
    there.close()


def test_unknown_columns_are_kept_and_told(loader: Loader) -> None:
    (batch,) = loader.load({"things.csv": "thing_id,colour,amount,note\nT1,red,1,x\nT2,,2,y\n"})
    assert batch.extra_columns == ("colour",)
    assert loader.rows("select _extra from landing.things order by _row_number") == [
        ({"colour": "red"},),
        ({"colour": None},),
    ]
    assert loader.rows("select extra_columns from quality.batches") == [(["colour"],)]


def test_the_same_content_is_loaded_once_for_a_dataset_whatever_its_name(loader: Loader) -> None:
    (first,) = loader.load({"things.csv": HEADER + "T1,1,x\n"})
    (loader.folder / "things.csv").rename(loader.folder / "things-again.csv")
    (second,) = loader.load()
    assert (second.is_repeated, second.batch_id) == (True, first.batch_id)
    assert len(loader.landed()) == 1
    (other,) = loader.load(dataset="other")
    assert not other.is_repeated
    (forced,) = loader.load(force=True)
    assert not forced.is_repeated
    assert len({first.batch_id, other.batch_id, forced.batch_id}) == 3
    assert len(loader.landed()) == 3


def test_content_of_an_earlier_delivery_is_a_new_one_unless_it_was_the_last(loader: Loader) -> None:
    days = [HEADER + f"T1,{number},x\n" for number in (1, 2, 1)]
    batches = [loader.load({"things.csv": day})[0] for day in days]
    assert [batch.is_repeated for batch in batches] == [False, False, False]
    (again,) = loader.load()
    assert (again.is_repeated, again.batch_id) == (True, batches[2].batch_id)
    assert len(loader.landed()) == 3


def test_a_directory_that_holds_the_last_delivery_holds_earlier_ones(loader: Loader) -> None:
    for number in (1, 2, 3):
        found = loader.load({f"things-{number}.csv": HEADER + f"T1,{number},x\n"})
        assert [batch.is_repeated for batch in found] == [True] * (number - 1) + [False]
    assert len(loader.landed()) == 3


def test_two_files_with_the_same_content_in_one_load_are_refused(loader: Loader) -> None:
    content = HEADER + "T1,1,x\n"
    with pytest.raises(ConfigurationError, match="have the same content"):
        loader.load({"things-1.csv": content, "things-2.csv": content})
    assert loader.is_untouched()
    assert len(loader.load(force=True)) == 2


def test_the_same_content_loaded_twice_at_once_lands_once(loader: Loader) -> None:
    loader.write({"things.csv": HEADER + "T1,1,x\n"})
    repeated: list[bool] = []

    def load_in_own_session() -> None:
        repeated.extend(batch.is_repeated for batch in loader.load())

    threads = [threading.Thread(target=load_in_own_session) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(repeated) == [False, True, True]
    assert loader.landed() == [(1, "T1", "1", "x")]
    assert len(loader.slices()) == 1


def test_different_files_load_side_by_side(loader: Loader) -> None:
    contents = {f"things-{number}.csv": HEADER + f"T{number},1,x\n" * 50 for number in range(3)}
    batches = loader.load(contents, workers=2)
    assert [batch.loaded_count for batch in batches] == [50, 50, 50]
    assert len({batch.batch_id for batch in batches}) == 3
    assert [batch.file.rpartition("/")[2] for batch in batches] == list(contents)


def test_packed_files_are_recognised_by_what_they_hold(loader: Loader) -> None:
    packed = gzip.compress((HEADER + "T1,1,x\n").encode())
    (batch,) = loader.load({"things.csv.gz": packed})
    assert loader.landed() == [(1, "T1", "1", "x")]
    assert batch.file_sha256 == hashlib.sha256(packed).hexdigest()


def test_wrong_columns_are_refused_before_anything_is_loaded(loader: Loader) -> None:
    with pytest.raises(ConfigurationError, match="missing note"):
        loader.load({"parts.csv": "part_id\nP1\n", "things.csv": "thing_id,amount\n1,2\n"})
    assert loader.is_untouched()


def test_an_interrupted_load_leaves_nothing_and_works_again(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_pool: Pool) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Pool, "commit", interrupted)
        with pytest.raises(KeyboardInterrupt):
            loader.load({"things.csv": HEADER + "T1,1,x\n"})
    assert loader.is_untouched()
    assert loader.statuses() == ["FAILED"]
    assert not loader.load()[0].is_repeated
    assert loader.landed() == [(1, "T1", "1", "x")]


def test_rows_that_nobody_accounts_for_are_an_error(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = Counts.__add__

    def losing(counts: Counts, other: Counts) -> Counts:
        return replace(listed(counts, other), read=1)

    monkeypatch.setattr(Counts, "__add__", losing)
    with pytest.raises(RunnerError, match="has 2 rows, of which workers read 1"):
        loader.load({"things.csv": HEADER + "T1,1,x\nT2,2,y\n"})
    assert loader.is_untouched()


def test_an_entity_of_one_column_takes_empty_lines_as_blank(loader: Loader) -> None:
    (batch,) = loader.load({"parts.csv": "part_id\nP1\n\nP2\n\n"})
    assert (batch.loaded_count, batch.blank_count) == (2, 2)


def test_progress_tells_rows_and_that_it_ended(loader: Loader) -> None:
    loader.load({"things.csv": HEADER + "T1,1,x\nT2,2,y\n"})
    last = loader.seen[-1]
    assert (last.is_finished, last.rows, last.worker_rows, last.share) == (True, 2, (2,), 1.0)
