"""The last manifest.json of dbt, and whether it is still current."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runner.project import Project


def fresh_nodes(project: Project) -> dict[str, Any] | None:
    """Nodes of manifest.json by unique id; None if models may have changed since.

    Only models and dbt_project.yml are compared: enough for the declarations of a model, not for
    its compiled SQL.
    """
    path = target_directory(project) / "manifest.json"
    try:
        written_at = path.stat().st_mtime_ns
        if any(changed_at >= written_at for changed_at in _changes(project)):
            return None
        manifest = json.loads(path.read_bytes())
        if manifest["metadata"]["project_name"] != project.name:
            return None
        nodes: dict[str, Any] = manifest["nodes"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return nodes


def written_sources(project: Project) -> dict[str, Any] | None:
    """Sources of manifest.json by unique id; None if there is no manifest."""
    try:
        manifest = json.loads((target_directory(project) / "manifest.json").read_bytes())
        sources: dict[str, Any] = manifest["sources"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return sources


def forget_parsed(project: Project) -> None:
    """Make the next invocation parse the whole project, not only the files changed since the last.

    dbt records for each node the macros it depends on. While a macro is broken there is no such
    record, so that a partial parse would never update its callers after the macro was fixed.
    """
    (target_directory(project) / "partial_parse.msgpack").unlink(missing_ok=True)


def target_directory(project: Project) -> Path:
    """The target directory of dbt."""
    return project.root / (os.environ.get("DBT_TARGET_PATH") or project.target_path)


def _changes(project: Project) -> Iterator[int]:
    """Modification times of dbt_project.yml and of each file and directory of the models."""
    yield (project.root / "dbt_project.yml").stat().st_mtime_ns
    for name in project.model_paths:
        folder = project.root / name
        for path in (folder, *folder.rglob("*")):
            yield path.stat().st_mtime_ns
