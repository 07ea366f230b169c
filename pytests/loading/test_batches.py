"""`runner batches`: lists, tells the story, decides once."""

from __future__ import annotations

import json

import pytest

from runner.errors import ConfigurationError
from runner.report.batch_lines import explain_batch
from runner.workflow import batches

from .loader import Loader

THINGS_CSV = "thing_id,amount,note\nT1,1.50,x\nT2,2.00\n,,\n" + "T3,1.00,y\n" * 30


def held(loader: Loader) -> str:
    (batch,) = loader.load(
        {"things.csv": THINGS_CSV, "things.csv.ctl": json.dumps({"record_count": 99})}
    )
    return batch.batch_id


def words(loader: Loader, batch_id: str) -> str:
    return "\n".join(
        line.text for line in explain_batch(batches.report_batch(loader.database, batch_id))
    )


def test_the_story_says_what_was_said_what_arrived_and_who_decided(loader: Loader) -> None:
    batch_id = held(loader)
    told = words(loader, batch_id[:15])
    for part in (
        "HELD",
        "things.csv.ctl: record_count 99",
        "record_count: things.csv.ctl expects 99, received 32",
        "31 records, 1 line that could not be read, 1 blank row",
        "could not be read: 1 FIELD_COUNT",
        "worker 0: 33 read, 31 written, 1 refused, 1 blank",
        f"runner batches release {batch_id} --reason R",
    ):
        assert part in told
    batches.decide(loader.database, batch_id, "RELEASED", "sender confirmed", "ada")
    told = words(loader, batch_id)
    assert "Released by ada at" in told
    assert "sender confirmed" in told


def test_a_decision_needs_a_reason_and_a_held_batch_and_is_final(loader: Loader) -> None:
    batch_id = held(loader)
    with pytest.raises(ConfigurationError, match="needs a reason"):
        batches.decide(loader.database, batch_id, "REJECTED", " ", "ada")
    batches.decide(loader.database, batch_id, "REJECTED", "cut off", "ada")
    with pytest.raises(ConfigurationError, match="is REJECTED, by ada"):
        batches.decide(loader.database, batch_id, "RELEASED", "no", "bob")
    assert loader.load()[0].is_repeated
    assert not loader.load(force=True)[0].is_repeated


def test_a_batch_that_is_not_there_or_not_told_apart_is_an_error(loader: Loader) -> None:
    held(loader)
    loader.load(force=True)
    with pytest.raises(ConfigurationError, match="no batch nothing"):
        batches.report_batch(loader.database, "nothing")
    with pytest.raises(ConfigurationError, match="More than one batch starts with 2"):
        batches.report_batch(loader.database, "2")


def test_the_list_is_narrowed_by_dataset_and_status(loader: Loader) -> None:
    batch_id = held(loader)
    loader.load(dataset="other", only=("things",))
    found = batches.list_batches(loader.database, "shop", ("HELD",), 10)
    assert [batch["batch_id"] for batch in found] == [batch_id]
    assert len(batches.list_batches(loader.database, None, (), 10)) == 2
    assert batches.list_batches(loader.database, None, ("FAILED",), 10) == []
