"""Packages without the hub: local ones by a link, those they ask for by their stand-in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runner.dbt import packages as deps
from runner.errors import ConfigurationError
from runner.project import find_project


def made(root: Path, name: str, packages: list[dict[str, str]]) -> Path:
    """A dbt project that asks for packages."""
    root.mkdir(parents=True)
    (root / "dbt_project.yml").write_text(json.dumps({"name": name}))
    (root / "packages.yml").write_text(json.dumps({"packages": packages}))
    return root


def test_a_local_package_is_linked_and_what_it_asks_for_stands_in(tmp_path: Path) -> None:
    gate = made(tmp_path / "gate", "trustgate", [{"package": "hub/checks"}])
    made(gate / "stand_in" / "checks", "checks", [])
    project = find_project(made(tmp_path / "examples" / "shop", "shop", [{"local": "../../gate"}]))
    assert deps.missing(project) == ["trustgate", "checks"]
    for _ in range(2):
        found = deps.install(project, lambda _words: None, offline=True)
        assert found.packages == ("checks", "trustgate")
        assert found.is_stand_in
        assert (project.root / "dbt_packages" / "trustgate").resolve() == gate
    assert deps.missing(project) == []
    assert (gate / "dbt_project.yml").is_file()


@pytest.mark.parametrize("content", ["packages: foo", "packages: 5", "packages: [foo]", "- foo"])
def test_packages_that_are_no_list_of_packages_are_refused(content: str, tmp_path: Path) -> None:
    project = find_project(made(tmp_path / "shop", "shop", []))
    (project.root / "packages.yml").write_text(content)
    with pytest.raises(ConfigurationError, match=r"packages\.yml has no list of packages"):
        deps.missing(project)


def test_a_local_package_that_is_no_project_is_refused(tmp_path: Path) -> None:
    project = find_project(made(tmp_path / "shop", "shop", [{"local": "../gate"}]))
    with pytest.raises(ConfigurationError, match=r"lists \.\./gate, which has no dbt_pro"):
        deps.missing(project)
