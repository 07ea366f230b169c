"""What dbt wrote of a project is taken as it is only where no model was changed since."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from runner.dbt.manifest import fresh_nodes
from runner.project import Project

NODES = {"model.shop.base_orders": {"name": "base_orders"}}
WRITTEN_AT, LATER = 1_000_000_000, 1_000_000_001


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv("DBT_TARGET_PATH", raising=False)
    (tmp_path / "models" / "orders").mkdir(parents=True)
    (tmp_path / "target").mkdir()
    for name in ("dbt_project.yml", "models/orders/orders.yml"):
        (tmp_path / name).write_text("")
    manifest = {"metadata": {"project_name": "shop"}, "nodes": NODES}
    (tmp_path / "target" / "manifest.json").write_text(json.dumps(manifest))
    for path in tmp_path.rglob("*"):
        os.utime(path, (WRITTEN_AT - 1, WRITTEN_AT - 1))
    os.utime(tmp_path / "target" / "manifest.json", (WRITTEN_AT, WRITTEN_AT))
    return Project(tmp_path, "shop", "shop")


def test_manifest_newer_than_all_models_is_taken(project: Project) -> None:
    assert fresh_nodes(project) == NODES


@pytest.mark.parametrize(
    "changed", ["dbt_project.yml", "models/orders/orders.yml", "models/orders", "models"]
)
def test_manifest_older_than_a_model_is_left(project: Project, changed: str) -> None:
    os.utime(project.root / changed, (LATER, LATER))
    assert fresh_nodes(project) is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"metadata": {"project_name": "other"}}'])
def test_manifest_that_is_none_or_another_projects_is_left(project: Project, content: str) -> None:
    path = project.root / "target" / "manifest.json"
    path.write_text(content)
    os.utime(path, (WRITTEN_AT, WRITTEN_AT))
    assert fresh_nodes(project) is None


def test_without_a_manifest_there_is_nothing_to_take(project: Project) -> None:
    (project.root / "target" / "manifest.json").unlink()
    assert fresh_nodes(project) is None
