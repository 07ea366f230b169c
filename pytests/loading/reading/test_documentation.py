"""docs/loading.md names all there is to declare, and every reason to refuse."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import yaml

from runner.loading.reading import SUFFIXES, FileFormat, RejectReason, declared_format

PAGE = Path(__file__).parents[3] / "docs" / "loading.md"


def test_every_reason_suffix_and_key_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    words = [
        *(reason.value for reason in RejectReason),
        *SUFFIXES,
        *(field.name for field in fields(FileFormat)),
    ]

    assert [word for word in words if f"`{word}`" not in page] == []


def test_the_declared_layout_of_the_page_can_be_read() -> None:
    page = PAGE.read_text(encoding="utf-8")
    declared = yaml.safe_load(page.partition("```yaml")[2].partition("```")[0])

    found = declared_format(declared["format"], Path("ledger.dat"))

    assert (found.kind, found.encoding, found.layout_length) == ("fixed_width", "cp037", 22)
