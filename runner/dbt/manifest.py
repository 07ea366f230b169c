"""What dbt last wrote of the project, and when it is to be read again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runner.project import Project


def fresh_nodes(project: Project) -> dict[str, Any] | None:
    """dbt's nodes by unique id, as manifest.json has them; None where models may have changed.

    Only models and dbt_project.yml are looked at: enough for what is declared of a model, not for
    its compiled SQL.
    """
    path = _target(project) / "manifest.json"
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
    """The sources of a project by unique id, as dbt last wrote them; None where it has not."""
    try:
        sources: dict[str, Any] = json.loads((_target(project) / "manifest.json").read_bytes())[
            "sources"
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return sources


def forget_parsed(project: Project) -> None:
    """Have the next invocation parse all of the project, not only what was changed since the last.

    A macro that was broken and mended is otherwise never seen by what calls it: dbt notes of each
    node which macros it depends on, and while it was broken there was none.
    """
    (_target(project) / "partial_parse.msgpack").unlink(missing_ok=True)


def _target(project: Project) -> Path:
    """Where dbt writes what it made of the project."""
    return project.root / (os.environ.get("DBT_TARGET_PATH") or project.target_path)


def _changes(project: Project) -> Iterator[int]:
    """When each file and directory of the models last changed, and dbt_project.yml."""
    yield (project.root / "dbt_project.yml").stat().st_mtime_ns
    for name in project.model_paths:
        folder = project.root / name
        for path in (folder, *folder.rglob("*")):
            yield path.stat().st_mtime_ns
