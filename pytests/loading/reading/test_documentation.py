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


def test_the_declared_formats_of_the_page_can_be_read() -> None:
    page = PAGE.read_text(encoding="utf-8")
    blocks = [part.partition("```")[0] for part in page.split("```yaml\n")[1:]]
    declared = [block["format"] for block in map(yaml.safe_load, blocks) if "format" in block]
    for one in declared:
        # What differs by a file's name is settled before a file is opened.
        one.pop("by_name", None)

    ledger, payments = (declared_format(one, Path("payments.csv")) for one in declared)

    assert (ledger.kind, ledger.encoding, ledger.layout_length) == ("fixed_width", "cp037", 22)
    assert payments.trailer is not None
    assert (payments.delimiter, payments.trailer.names) == (";", ("record_count", "amount_total"))
