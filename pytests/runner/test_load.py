"""Loads: all of a directory or nothing, once, with the totals that raw is held against."""

import hashlib
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from runner import csv_file
from runner.database import Database
from runner.errors import ConfigurationError, RunnerError, TroubleError
from runner.load import Entity, LoadedBatch, find_files, load
from runner.project import Project

from .workplace import Server

THINGS = Entity("things", ("thing_id", "amount", "note"), "amount")
PARTS = Entity("parts", ("part_id",), None)
PROVENANCE = """
    _batch_id text default current_setting('trustgate.batch_id', true),
    _row_number bigint
        default nextval(current_setting('trustgate.row_number_sequence', true)::regclass),
    _worker_id integer default 0
"""
TABLES = f"""
create schema landing; create schema quality;
create table landing.things ({PROVENANCE}, thing_id text, amount text, note text);
create table landing.parts ({PROVENANCE}, part_id text);
create table quality.batches (
    batch_id text, dataset text, entity text, source_file text, file_sha256 text,
    expected_count bigint, expected_amount numeric, expected_hash text, loaded_count bigint,
    rejected_count bigint, blank_count bigint, amount_total numeric, row_hash text,
    worker_count integer, status text, loaded_at timestamptz);
create table quality.batch_workers (
    batch_id text, worker_id integer, records_read bigint, records_written bigint,
    batches_written bigint, records_rejected bigint, started_at timestamptz,
    finished_at timestamptz);
create function quality.try_numeric(value text) returns numeric language sql as
    $$ select case when value ~ '^[0-9.]+$' then value::numeric end $$;
"""


@pytest.fixture
def target(server: Server, database: str, project: Project) -> Iterator[Database]:
    with server.connect(database) as plain:
        plain.execute(TABLES.encode())
    with server.connect_for_rows(database) as connection:
        yield Database(connection, project)


def load_text(target: Database, directory: Path, **contents: str | bytes) -> list[LoadedBatch]:
    for name, content in contents.items():
        path = directory / f"{name}.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    files = find_files(directory, [THINGS, PARTS])
    return load(target, "shop", files, lambda message: None)


def landed(target: Database) -> list[tuple[object, ...]]:
    rows = target.rows(
        "select _row_number, thing_id, amount, note from {landing.things} order by _row_number"
    )
    return [tuple(row.values()) for row in rows]


def is_untouched(target: Database) -> bool:
    found = target.row(
        "select (select count(*) from {landing.things}) + (select count(*) from {landing.parts})"
        " + (select count(*) from {quality.batches})"
        " + (select count(*) from {quality.batch_workers}) as rows"
    )
    assert found is not None
    return bool(found["rows"] == 0)


def test_records_land_as_they_are_whatever_the_order_of_columns(
    target: Database, tmp_path: Path
) -> None:
    content = '\ufeffnote,amount,thing_id\n"a ""quote"", and\nmore",1.50,T1\n"",,T2\nnull,x,T3\n'
    (batch,) = load_text(target, tmp_path, things=content)
    assert landed(target) == [
        (1, "T1", "1.50", 'a "quote", and\nmore'),
        (2, "T2", None, ""),
        (3, "T3", "x", "null"),
    ]
    assert batch.amount_total == Decimal("1.50")
    assert (batch.expected_count, batch.loaded_count, batch.blank_count) == (3, 3, 0)


def test_blank_rows_of_all_kinds_are_counted_and_left_out(target: Database, tmp_path: Path) -> None:
    content = 'thing_id,amount,note\n\nT1,1,x\n,,\n  , ,\t\n   \n"",,\u00a0\nT2,2,\n\n'
    (batch,) = load_text(target, tmp_path, things=content)
    assert landed(target) == [(2, "T1", "1", "x"), (7, "T2", "2", None)]
    assert (batch.expected_count, batch.loaded_count, batch.blank_count) == (2, 2, 6)
    (worker,) = target.rows("select * from {quality.batch_workers}")
    assert (worker["records_read"], worker["records_written"]) == (8, 2)


def test_a_batch_has_the_totals_and_the_hash_that_a_count_in_python_finds(
    target: Database, tmp_path: Path
) -> None:
    (batch,) = load_text(target, tmp_path, things='thing_id,amount,note\nT1,1.5,\nT2,2.25,"a b"\n')
    texts = ["(T1,1.5,)", '(T2,2.25,"a b")']
    digests = [hashlib.md5(text.encode()).hexdigest() for text in texts]

    def total(part: slice) -> int:
        halves = [int(digest[part], 16) for digest in digests]
        return sum(half - (1 << 64) if half >= 1 << 63 else half for half in halves)

    assert batch.row_hash == f"2:{total(slice(0, 16))}:{total(slice(16, 32))}"
    (row,) = target.rows("select * from {quality.batches}")
    content = (tmp_path / "things.csv").read_bytes()
    assert row["row_hash"] == batch.row_hash
    assert row["amount_total"] == batch.amount_total == Decimal("3.75")
    assert row["file_sha256"] == hashlib.sha256(content).hexdigest()
    assert (row["source_file"], row["status"], row["worker_count"]) == ("things.csv", "LOADED", 1)
    assert row["batch_id"].endswith(f"-things-{row['file_sha256'][:8]}")


def test_the_same_content_is_loaded_once_for_a_dataset(target: Database, tmp_path: Path) -> None:
    (first,) = load_text(target, tmp_path, things="thing_id,amount,note\nT1,1,x\n")
    (second,) = load_text(target, tmp_path)
    assert second.is_repeated
    assert second.batch_id == first.batch_id
    assert len(landed(target)) == 1
    (other,) = load(target, "other", find_files(tmp_path, [THINGS]), lambda message: None)
    assert not other.is_repeated
    assert other.batch_id != first.batch_id
    assert len(landed(target)) == 2


def test_the_same_content_loaded_twice_at_once_lands_once(
    target: Database, server: Server, database: str, project: Project, tmp_path: Path
) -> None:
    (tmp_path / "things.csv").write_text("thing_id,amount,note\nT1,1,x\n")
    files = find_files(tmp_path, [THINGS])
    batches: list[LoadedBatch] = []

    def load_in_own_session() -> None:
        with server.connect_for_rows(database) as connection:
            batches.extend(load(Database(connection, project), "shop", files, lambda message: None))

    threads = [threading.Thread(target=load_in_own_session) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(batch.is_repeated for batch in batches) == [False, True, True, True]
    assert len(landed(target)) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("thing_id,amount,note\nT1,1,x\nT2,2\n", "line 3: fewer values than the header's 3"),
        ("thing_id,amount,note\nT1,1,x,y\n", "line 2: more values than the header's 3"),
        ("thing_id,amount,note\n\n\nT1,1,x,y\n", "line 4: more values"),
        ('thing_id,amount,note\nT1,1,"a\nb"\nT2\n', "line 4: fewer values"),
        ("thing_id,amount,note\r\nT1,1,x\nT2,2,y\n", "a line ends in another way"),
        (b"thing_id,amount,note\nT1,\0,x\n", "NUL byte"),
        (b"thing_id,amount,note\nT1,\xff,x\n", "not UTF-8"),
        ('thing_id,amount,note\nT1,1,"x\n', "never closed"),
    ],
)
def test_nothing_is_loaded_of_any_file_when_one_is_bad(
    content: str | bytes, words: str, target: Database, tmp_path: Path
) -> None:
    with pytest.raises(TroubleError) as caught:
        load_text(target, tmp_path, parts="part_id\nP1\n", things=content)
    assert words in caught.value.message
    assert is_untouched(target)


def test_wrong_columns_are_refused_before_anything_is_loaded(
    target: Database, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="missing note; unknown notes"):
        load_text(target, tmp_path, parts="part_id\nP1\n", things="thing_id,amount,notes\n1,2,3\n")
    assert is_untouched(target)


def test_an_interrupted_load_leaves_nothing(
    target: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = csv_file.chunks

    def interrupted(file: csv_file.CsvFile) -> Iterator[bytes]:
        yield from chunks(file)
        raise KeyboardInterrupt

    monkeypatch.setattr(csv_file, "chunks", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load_text(target, tmp_path, things="thing_id,amount,note\nT1,1,x\n")
    assert is_untouched(target)


def test_a_count_that_disagrees_with_copy_is_refused(
    target: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        csv_file, "chunks", lambda file: iter([b"thing_id,amount,note\n", b"T1,1,x\n"])
    )
    with pytest.raises(RunnerError, match="2 records after its header, of which COPY read 1"):
        load_text(target, tmp_path, things="thing_id,amount,note\nT1,1,x\nT2,2,y\n")
    assert is_untouched(target)


def test_an_entity_of_one_column_takes_empty_lines_as_blank(
    target: Database, tmp_path: Path
) -> None:
    (batch,) = load_text(target, tmp_path, parts="part_id\nP1\n\nP2\n\n")
    assert (batch.loaded_count, batch.blank_count) == (2, 2)
    assert batch.amount_total is None


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
    for name in names:
        (tmp_path / name).touch()
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
    assert [path.name for _, path in find_files(tmp_path, [THINGS, PARTS])] == ["things.csv"]
