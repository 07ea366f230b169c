"""Values that a terminal would obey, or a spreadsheet evaluate, do neither."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from runner.report.lines import HARMFUL

from ..conftest import MakePipeline
from .conftest import BUILD, LOADED_AT, Call, Shop

HOSTILE = "\x1b]0;x\x07\x1b[31m\u202e\x9b2J\u200b"
CHECK = "order_status_known"
KEY = f"O{HOSTILE}1"
FORMULAS = {
    "=1+1": True,
    "+cmd|' /C calc'!A0": True,
    "-2+3": True,
    "@SUM(A1)": True,
    "\uff1d1+1": True,
    "-12.50": False,
    "+5": False,
    "-1,234.50": False,
    "a=b": False,
    "": False,
}
"""Whether a spreadsheet evaluates each."""


@pytest.fixture(scope="module")
def shop(make_pipeline: MakePipeline) -> Shop:
    """Orders whose keys, values, batches and notes are hostile."""
    shop = Shop(make_pipeline("hostile"))
    shop.pipeline.runs("run", "--select", "tag:intake")
    day = "2026-01-02T00:00:00Z"
    rows = [(KEY, "C-1", f"lost{HOSTILE}", "BRL", "10.00", day, day)] + [
        (f"F-{number}", "C-1", status, "BRL", "10.00", day, day)
        for number, status in enumerate(FORMULAS, start=1)
    ]
    shop.pipeline.load("orders", [*enumerate(rows, start=1)], f"first{HOSTILE}", LOADED_AT)
    payment = (f"P{HOSTILE}", f"missing{HOSTILE}", "boleto", "1.00", "BRL", "captured", day, day)
    shop.pipeline.load("payments", [(1, payment)], "second", LOADED_AT)
    shop.pipeline.runs(*BUILD)
    return shop


def test_no_command_prints_what_a_terminal_obeys(shop: Shop, call: Call) -> None:
    one = shop.id(CHECK, KEY)
    by = ("--by", f"ada{HOSTILE}")
    said = f"because{HOSTILE}"
    commands = (
        ("exceptions", "list"),
        ("exceptions", "list", "--key", KEY),
        ("exceptions", "list", "--check", HOSTILE),
        ("exceptions", "summary"),
        ("exceptions", "ack", one, *by, "--note", said),
        ("exceptions", "assign", one, "--to", HOSTILE, *by),
        ("exceptions", "show", one),
        ("exceptions", "show", HOSTILE),
        ("exceptions", "explain"),
        ("exceptions", "block", one, "--note", said, *by),
        ("exceptions", "ack", "--check", HOSTILE, "--yes"),
        (
            *("suppress", "add", "--check", CHECK, "--key", KEY),
            *("--ticket", f"T{HOSTILE}", "--reason", said, "--expires", "14d", *by),
        ),
        ("suppress", "list"),
        ("suppress", "revoke", HOSTILE),
        ("correct", "orders", KEY, f"status=new{HOSTILE}", "--reason", said, *by),
        ("correct", "orders", KEY, f"{HOSTILE}=1", "--reason", said),
        ("correct", "orders", f"none{HOSTILE}", "status=1", "--reason", said),
        ("correct", "list"),
        ("correct", "revert", HOSTILE),
        ("reprocess", "--keys", KEY, "--reason", said, "--plan"),
        ("reprocess", "--keys", f"none{HOSTILE}", "--reason", said, "--plan"),
        ("batches", "list"),
        ("batches", "show", f"first{HOSTILE}"),
        ("batches", "show", HOSTILE),
        ("lineage", "orders", KEY),
        ("lineage", "payments", f"P{HOSTILE}"),
        ("lineage", HOSTILE, KEY),
        ("history",),
        ("show", HOSTILE),
        ("load", f"/tmp/none{HOSTILE}", "--dataset", "hostile"),
        (f"nothing{HOSTILE}",),
        ("exceptions", f"--{HOSTILE}"),
        ("exceptions", "list", "--older-than", HOSTILE),
    )
    shown = 0
    for command in commands:
        result = call(*command)
        for text in (result.out, result.err):
            found = HARMFUL.search(text)
            assert found is None, (command, text[max(found.start() - 60, 0) : found.end() + 60])
            shown += text.count("<U+001B>[31m<U+202E><U+009B>2J<U+200B>")
            assert "Traceback" not in text, (command, text)
    assert shown > 30


def test_a_load_prints_no_name_that_a_terminal_obeys(call: Call, tmp_path: Path) -> None:
    header = "order_id,customer_id,status,currency,order_total,ordered_at,updated_at"
    for name, text in {
        f"orders-{HOSTILE}.csv": f"{header},x{HOSTILE}\nO-1,C,new,BRL,1.00,,,{HOSTILE}\n",
        f"other{HOSTILE}.csv": "a\n1\n",
        f"payments{HOSTILE}/": "",
    }.items():
        path = tmp_path / name
        path.mkdir() if name.endswith("/") else path.write_text(text)
    loaded = call("load", str(tmp_path), "--dataset", "elsewhere")
    (tmp_path / f"orders-{HOSTILE}.csv").write_text(f"{HOSTILE},{header[9:]}\nO-1,C,new,BRL,1,,\n")
    refused = call("load", str(tmp_path), "--dataset", "elsewhere")
    assert (loaded.code, refused.code) == (0, 2), loaded.err
    for text in (loaded.out, loaded.err, refused.out, refused.err):
        assert HARMFUL.search(text) is None, text
    assert "<U+202E>" in loaded.out + loaded.err
    assert "<U+202E>" in refused.err


def test_an_export_for_spreadsheets_has_no_formula(shop: Shop, call: Call) -> None:
    one = shop.id(CHECK, "F-1")
    for note, is_formula in FORMULAS.items():
        if not note:
            continue
        assert call("exceptions", "assign", one, "--to", note).code == 0, note
        exported = call("exceptions", "export", "--check", CHECK, "--key", "F-1")
        rows = [*csv.DictReader(io.StringIO(exported.out))]
        assert {row["assigned_to"] for row in rows} == {f"'{note}" if is_formula else note}
        lines = call("exceptions", "export", "--check", CHECK, "--key", "F-1", "--format", "jsonl")
        assert {json.loads(line)["assigned_to"] for line in lines.out.splitlines()} == {note}
