"""What is said of a file is held against what arrived, and what differs is held."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

import pyarrow
import pyarrow.parquet
import pytest

from runner.errors import ConfigurationError, OperationalError
from runner.loading.reading import SenderHash

from .loader import THINGS, Loader

THINGS_CSV = "thing_id,amount,note\nT1,1.50,x\nT2,2.00,\n"
SHA256 = hashlib.sha256(THINGS_CSV.encode()).hexdigest()
CONTENT_HASH = hashlib.sha256(b"T1|1.50\nT2|2.00").hexdigest()
RIGHT = {
    "record_count": 2,
    "amounts": {"amount": "3.50"},
    "sha256": SHA256,
    "content_hash": CONTENT_HASH,
    "content_hash_of": {"fields": ["thing_id", "amount"]},
}


def manifest(*files: dict[str, Any], **common: str) -> str:
    return json.dumps({**common, "files": files})


def differing(loader: Loader) -> list[tuple[str, str | None, str | None]]:
    (found,) = loader.rows("select differences from quality.batches where status = 'HELD'")
    return [(one["check"], one["expected"], one["actual"]) for one in found[0]]


def test_a_file_that_is_what_its_manifest_says_is_loaded(loader: Loader) -> None:
    said = manifest({"name": "things.csv", **RIGHT}, business_date="2026-11-20", batch_id="S-1")
    (batch,) = loader.load({"things.csv": THINGS_CSV, "manifest.json": said})
    assert (batch.status, batch.differences) == ("LOADED", ())
    (row,) = loader.rows(
        "select expected_count, expected_amount::text, amount_total::text, expected_hash,"
        " content_hash, business_date::text, sender_batch_id from quality.batches"
    )
    assert row == (2, "3.50", "3.50", CONTENT_HASH, CONTENT_HASH, "2026-11-20", "S-1")


@pytest.mark.parametrize(
    ("said", "difference"),
    [
        ({"record_count": 3}, ("record_count", "3", "2")),
        ({"amounts": {"amount": "3.51"}}, ("amounts.amount", "3.51", "3.50")),
        ({"sha256": "0" * 64}, ("sha256", "0" * 64, SHA256)),
        ({"content_hash": "0" * 64}, ("content_hash", "0" * 64, CONTENT_HASH)),
    ],
)
def test_a_file_that_is_not_what_its_manifest_says_is_held(
    said: dict[str, Any], difference: tuple[str, str, str], loader: Loader
) -> None:
    files = {
        "things.csv": THINGS_CSV,
        "manifest.json": manifest({"name": "things.csv", **RIGHT, **said}),
    }
    (batch,) = loader.load(files)
    assert batch.status == "HELD"
    assert differing(loader) == [difference]
    assert len(loader.landed()) == 2


def test_an_amount_that_rejects_take_away_is_a_difference_and_the_count_is_not(
    loader: Loader,
) -> None:
    content = "thing_id,amount,note\n" + "T1,1.00,x\n" * 30 + "T2,5.00\n"
    said = {"record_count": 31, "amounts": {"amount": "35.00"}}
    loader.load({"things.csv": content, "things.csv.ctl": json.dumps(said)})
    assert differing(loader) == [("amounts.amount", "35.00", "30.00")]


def test_control_file_and_manifest_are_both_held_against_the_file(loader: Loader) -> None:
    files = {
        "things.csv": THINGS_CSV,
        "manifest.json": manifest({"name": "things.csv", "record_count": 2}),
        "things.csv.ctl": json.dumps({"record_count": 4}),
    }
    loader.load(files)
    assert differing(loader) == [("record_count", "4", "2")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_control_is_read_in_the_encodings_that_json_has(encoding: str, loader: Loader) -> None:
    said = manifest({"name": "things.csv", **RIGHT}).encode(encoding)
    (batch,) = loader.load({"things.csv": THINGS_CSV, "manifest.json": said})
    assert (batch.status, batch.differences) == ("LOADED", ())


@pytest.mark.parametrize("amount", ["", ".", "1.2.3", "n/a", "-", "1e", "--1", "€"])
def test_an_amount_that_is_no_number_holds_the_batch_and_the_message_says_whose(
    amount: str, loader: Loader
) -> None:
    declared = {"type": "TRL", "fields": ["record_count", "amounts.amount"]}
    loader.entities = [replace(THINGS, declared={"trailer": declared})]
    (batch,) = loader.load({"things.csv": f"{THINGS_CSV}TRL,2,{amount}\n"})
    assert batch.status == "HELD"
    assert differing(loader) == [("amounts.amount", f"'{amount}', which is no number", "3.50")]


@pytest.mark.parametrize("trailer", ["TRL,0,", "TRL,0, ", "TRL,0,0", "TRL,0,0.00"])
def test_a_trailer_that_announces_nothing_needs_no_amount(trailer: str, loader: Loader) -> None:
    declared = {"type": "TRL", "fields": ["record_count", "amounts.amount"]}
    loader.entities = [replace(THINGS, declared={"trailer": declared})]
    (batch,) = loader.load({"things.csv": f"thing_id,amount,note\n{trailer}\n"})
    assert (batch.status, batch.differences, batch.loaded_count) == ("LOADED", (), 0)


@pytest.mark.parametrize("name", ["things.csv", "things.csv.gz", "things.jsonl", "things.parquet"])
def test_a_file_without_records_is_a_delivery_where_its_control_announces_none(
    name: str, loader: Loader, tmp_path: Path
) -> None:
    content = empty_file(name, tmp_path)
    announced = json.dumps({"record_count": 0, "amounts": {"amount": "0"}})
    (batch,) = loader.load({name: content, f"{name}.ctl": announced})
    assert (batch.status, batch.differences, batch.loaded_count) == ("LOADED", (), 0)
    (loader.folder / f"{name}.ctl").unlink()
    with pytest.raises(OperationalError, match=r"holds no record|is empty"):
        loader.load(dataset="unannounced")


def empty_file(name: str, folder: Path) -> bytes:
    """A file of a format, with its columns and no record."""
    if name.endswith(".csv.gz"):
        return gzip.compress(b"thing_id,amount,note\n")
    if name.endswith(".parquet"):
        columns = {column: pyarrow.array([], pyarrow.string()) for column in THINGS.columns}
        pyarrow.parquet.write_table(pyarrow.table(columns), folder / name)
        return (folder / name).read_bytes()
    return b"" if name.endswith(".jsonl") else b"thing_id,amount,note\n"


def test_records_where_none_are_announced_are_held(loader: Loader) -> None:
    said = json.dumps({"record_count": 0})
    (batch,) = loader.load({"things.csv": THINGS_CSV, "things.csv.ctl": said})
    assert (batch.status, differing(loader)) == ("HELD", [("record_count", "0", "2")])


def test_a_trailer_record_is_control_and_no_data(loader: Loader) -> None:
    trailer = {
        "type": "TRL",
        "fields": ["record_count", "amounts.amount", "content_hash", "business_date"],
    }
    loader.entities = [
        replace(
            THINGS,
            declared={"trailer": trailer},
            content_hash=SenderHash(("thing_id", "amount")),
        )
    ]
    (good,) = loader.load({"things.csv": THINGS_CSV + f"TRL,2,3.50,{CONTENT_HASH},20261120\n"})
    assert (good.status, good.loaded_count) == ("LOADED", 2)
    (held,) = loader.load({"things.csv": THINGS_CSV + f"TRL,2,3.49,{CONTENT_HASH},20261120\n"})
    assert held.status == "HELD"
    assert differing(loader) == [("amounts.amount", "3.49", "3.50")]
    assert loader.rows("select distinct business_date::text from quality.batches") == [
        ("2026-11-20",)
    ]


@pytest.mark.parametrize("forms", [("NFC", "NFD"), ("NFD", "NFC"), ("NFD", "NFD")])
def test_a_manifest_and_a_control_file_find_a_name_in_any_normal_form(
    forms: tuple[Literal["NFC", "NFD"], Literal["NFC", "NFD"]], loader: Loader
) -> None:
    of_file, of_control = (normalize(form, "things-janvičř é") for form in forms)
    said = manifest({"name": f"{of_control}.csv", "record_count": 3})
    (batch,) = loader.load({f"{of_file}.csv": THINGS_CSV, "manifest.json": said})
    assert [one.check for one in batch.differences] == ["record_count"]
    ours = {"record_count": 4}
    (batch,) = loader.load(
        {f"{of_file}.csv": f"{THINGS_CSV}T3,,\n", f"{of_control}.csv.ctl": json.dumps(ours)}
    )
    assert [(one.check, one.expected) for one in batch.differences] == [("record_count", "4")]


def test_a_file_that_the_manifest_does_not_name_is_held(loader: Loader) -> None:
    files = {
        "things.csv": THINGS_CSV,
        "parts.csv": "part_id\nP1\n",
        "manifest.json": manifest({"name": "things.csv", "record_count": 2}),
    }
    statuses = {batch.entity: batch.status for batch in loader.load(files)}
    assert statuses == {"things": "LOADED", "parts": "HELD"}
    assert differing(loader) == [("manifest", "not listed", "received")]


def test_a_file_that_the_manifest_names_and_that_is_absent_is_an_error(loader: Loader) -> None:
    said = manifest({"name": "things.csv"}, {"name": "things-2.csv"})
    with pytest.raises(OperationalError, match=r"things-2\.csv, which is not there"):
        loader.load({"things.csv": THINGS_CSV, "manifest.json": said})
    assert loader.is_untouched()
    said = manifest({"name": "things.csv"}, {"name": "parts.csv"})
    loader.write({"parts.csv": "part_id\nP1\n", "manifest.json": said})
    (batch,) = loader.load(only=("things",))
    assert batch.status == "LOADED"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "cannot be read"),
        ("[]", "is not of type 'object'"),
        ('{"files": [{"name": "things.csv", "record_count": -1}]}', "files/0/record_count"),
        ('{"files": [{"name": "things.csv", "records": 1}]}', "'records' was unexpected"),
        ('{"files": [{"name": "things.csv", "amounts": {"amount": "1e5"}}]}', "amounts/amount"),
        ('{"files": []}', "files"),
    ],
)
def test_a_manifest_that_does_not_follow_the_schema_is_refused_with_its_place(
    content: str, words: str, loader: Loader
) -> None:
    with pytest.raises(ConfigurationError, match=r"manifest\.json") as caught:
        loader.load({"things.csv": THINGS_CSV, "manifest.json": content})
    assert words in caught.value.message
    assert loader.is_untouched()
