"""The messages that operations.md explains are those that are said."""

import re
from pathlib import Path

from runner.gate.decision import Gate

REPOSITORY = Path(__file__).parents[2]
OF_DBT = "dbt was unable to infer all dependencies"


def test_each_message_that_is_explained_exists() -> None:
    page = (REPOSITORY / "docs" / "operations.md").read_text()
    rows = page.partition("| message | what to do |\n|---|---|\n")[2].partition("\n\n")[0]
    source = "\n".join(path.read_text() for path in (REPOSITORY / "runner").rglob("*.py"))
    said = source + OF_DBT + "".join(f"Gate {gate.value.upper()}" for gate in Gate)
    messages = [part for row in rows.splitlines() for part in row.split("|")[1].split("`")[1::2]]
    assert len(messages) > 10
    words = [word.strip() for message in messages for word in re.split("…|:", message)]
    assert [word for word in words if word not in said] == []
