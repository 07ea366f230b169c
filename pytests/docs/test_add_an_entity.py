"""The tutorial, followed step by step, and the queries of the quality tables on what it left."""

from __future__ import annotations

import re
from collections import Counter
from difflib import unified_diff
from pathlib import Path

import pytest
import yaml

from .conftest import REPOSITORY, Scratch
from .follow import follow
from .markdown import Block, blocks, commands, lacking

TUTORIAL = REPOSITORY / "docs" / "add-an-entity.md"
MOST_LINES = 110
"""Of all files of the entity and of the registry; 254 before layers were macros."""
MACHINERY = ("hook", "index", "window", "increment", "full_refresh", "materialized", "schema")
"""Words of what the package knows of its layers, and users need not."""
QUALITY_TABLES = REPOSITORY / "docs" / "quality-tables.md"


@pytest.fixture(scope="module")
def differences(scratch: Scratch) -> list[str]:
    """Where the tutorial says something else than what happens; it is followed to its end."""
    return follow(TUTORIAL.read_text(encoding="utf-8"), scratch)


def test_the_tutorial_does_what_it_says_from_a_sample_to_a_shut_and_an_open_gate(
    differences: list[str],
) -> None:
    assert not differences, "\n\n".join(differences)


@pytest.mark.usefixtures("differences")
def test_the_entity_of_the_tutorial_is_light(scratch: Scratch) -> None:
    files = sorted((scratch.root / "models" / "refunds").iterdir())
    texts = {file.name: file.read_text(encoding="utf-8") for file in files}
    assert len(texts) == 8
    before, after = (
        (root / "dbt_project.yml").read_text(encoding="utf-8").splitlines()
        for root in (REPOSITORY, scratch.root)
    )
    registry = [line for line in unified_diff(before, after, n=0) if re.match(r"\+[^+]", line)]
    assert len(registry) == 3
    lines = sum(len(text.splitlines()) for text in texts.values()) + len(registry)
    assert lines <= MOST_LINES
    written = {file: [word for word in MACHINERY if word in texts[file]] for file in texts}
    assert written == {file: [] for file in texts}
    declared = Counter(
        column["name"]
        for model in yaml.safe_load(texts["refunds.yml"])["models"]
        for column in model.get("columns", [])
    )
    assert declared == Counter(
        ["refund_id", "payment_id", "amount", "currency", "refunded_at", "updated_at"]
    )


@pytest.mark.usefixtures("differences")
def test_every_query_of_the_quality_tables_runs(scratch: Scratch, tmp_path: Path) -> None:
    queries = [
        block.text
        for block in blocks(QUALITY_TABLES.read_text(encoding="utf-8"))
        if block.language == "sql"
    ]
    script = tmp_path / "queries.sql"
    script.write_text("\n".join(queries))
    done = scratch.run(f"runner db psql -v ON_ERROR_STOP=1 -f - < {script}")
    assert done.returncode == 0, done.stdout
    assert len(queries) > 10


def test_a_block_is_read_with_the_file_named_above_it() -> None:
    page = "**`a.yml`**\n```diff\n-x\n+y\n```\n```diff\n z\n```\n```sh\nls\n```\n```sql\nq\n```\n"
    assert [(block.language, block.file) for block in blocks(page)] == [
        *(("diff", "a.yml"), ("diff", "a.yml"), ("sh", "a.yml"), ("sql", "")),
    ]


def test_a_line_that_was_not_printed_is_found() -> None:
    command = commands(Block("console", "$ x\na\n…\nc\n"))[0]
    assert lacking(command.expected, "a\nb\nc\n") is None
    assert lacking(command.expected, "c\na\n") == "c"
