"""An entity's columns may be called what Trustgate's own SQL calls something."""

from __future__ import annotations

import re

from ..conftest import MakePipeline

RENAMED = {"customer_id": "rule_id", "method": "batch_id", "order_total": "sign"}
"""Columns of the demo, and what they are called here: orders', payments', and orders' amount."""
FOLDERS = ("models", "seeds", "snapshots", "tests")
EXCEPTIONS = "select entity, record_key, check_id, severity from quality.open_exceptions"


def test_what_a_column_is_called_changes_nothing(make_pipeline: MakePipeline) -> None:
    plain, pipeline = make_pipeline("bad"), make_pipeline("bad")
    plain.dbt("build")
    for path in (file for folder in FOLDERS for file in (pipeline.root / folder).rglob("*.*")):
        if path.suffix in (".sql", ".yml", ".csv") and path.is_file():
            text = path.read_text(encoding="utf-8")
            for old, new in RENAMED.items():
                # Not where a text of docs.md is named.
                text = re.sub(rf"(?<!doc\(')\b{old}\b", new, text)
            path.write_text(text, encoding="utf-8")
    for dataset in ("good", "bad"):
        built = pipeline.about(dataset).dbt("build")
        assert not built.of("error"), built.messages
    known = sorted(plain.query(EXCEPTIONS))
    assert known
    assert sorted(pipeline.query(EXCEPTIONS)) == known
