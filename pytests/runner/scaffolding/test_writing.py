"""A proposal is written as a whole, or not at all."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any, cast

import pytest

from runner.errors import ConfigurationError
from runner.project import Project, find_project
from runner.scaffolding.proposal import Proposal, write

BEFORE = "name: shop  # mine\r\n"
AFTER = "name: shop  # mine\r\nvars: {}\r\n"
FILES = {"models/refunds/refunds.yml": "version: 2\n", "models/refunds/raw_refunds.sql": "ä\n"}
PROPOSAL = Proposal(cast(Any, None), cast(Any, None), FILES, (BEFORE, AFTER), "", ())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    path = tmp_path / "dbt_project.yml"
    path.write_bytes(BEFORE.encode())
    path.chmod(0o640)
    (tmp_path / "models").mkdir()
    return find_project(tmp_path)


def contents(project: Project) -> dict[str, bytes]:
    return {
        path.relative_to(project.root).as_posix(): path.read_bytes()
        for path in project.root.rglob("*")
        if path.is_file()
    }


def test_every_byte_is_written_and_the_project_file_keeps_its_rights(project: Project) -> None:
    write(project, PROPOSAL)
    assert contents(project) == {
        "dbt_project.yml": AFTER.encode(),
        **{path: text.encode() for path, text in FILES.items()},
    }
    assert stat.S_IMODE((project.root / "dbt_project.yml").stat().st_mode) == 0o640


def test_nothing_is_written_where_the_registry_was_changed_meanwhile(project: Project) -> None:
    (project.root / "dbt_project.yml").write_bytes(b"name: shop\n")
    with pytest.raises(ConfigurationError, match="was changed meanwhile"):
        write(project, PROPOSAL)
    assert contents(project) == {"dbt_project.yml": b"name: shop\n"}
    assert not (project.root / "models" / "refunds").exists()


def test_nothing_is_written_where_a_file_came_meanwhile(project: Project) -> None:
    theirs = project.root / "models" / "refunds" / "raw_refunds.sql"
    theirs.parent.mkdir()
    theirs.write_text("theirs\n")
    with pytest.raises(ConfigurationError, match=r"raw_refunds\.sql is there already"):
        write(project, PROPOSAL)
    assert contents(project) == {
        "dbt_project.yml": BEFORE.encode(),
        "models/refunds/raw_refunds.sql": b"theirs\n",
    }
