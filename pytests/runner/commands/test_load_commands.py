"""`runner load` and `runner batches` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from ..workplace import Workplace


def test_load_exits_1_when_a_batch_is_held_and_its_release_is_on_record(
    pipeline: Workplace, tmp_path: Path
) -> None:
    delivery = tmp_path / "shop"
    delivery.mkdir()
    (delivery / "things.csv").write_text("thing_id,amount,note\nT1,1.50,x\n")
    (delivery / "things.csv.ctl").write_text('{"record_count": 2}')

    loaded = pipeline.run("load", str(delivery), "--workers", "2", "--max-rejects", "1%", "--json")
    assert loaded.returncode == 1, loaded.stderr
    (batch,) = json.loads(loaded.stdout)
    assert (batch["status"], batch["loaded_count"]) == ("HELD", 1)
    (difference,) = batch["differences"]
    assert (difference["check"], difference["expected"], difference["actual"]) == (
        *("record_count", "2", "1"),
    )

    listed = pipeline.run("batches", "list", "--status", "held", "--json")
    assert [one["batch_id"] for one in json.loads(listed.stdout)] == [batch["batch_id"]]
    released = pipeline.run(
        *("batches", "release", batch["batch_id"], "--reason", "sender confirmed", "--by", "ada")
    )
    assert released.returncode == 0, released.stderr
    shown = json.loads(pipeline.run("batches", "show", batch["batch_id"], "--json").stdout)
    assert (shown["batch"]["status"], shown["batch"]["decided_by"]) == ("RELEASED", "ada")
    again = pipeline.run("batches", "reject", batch["batch_id"], "--reason", "no")
    assert again.returncode == 2
    assert "is RELEASED, by ada" in " ".join(again.stderr.split())

    repeated = pipeline.run("load", str(delivery))
    assert repeated.returncode == 0
    assert "is loaded already" in " ".join(repeated.stdout.split())
    refused = pipeline.run("load", str(delivery), "--max-rejects", "150%")
    assert refused.returncode == 2
    assert "'150%' is not a share" in refused.stderr
