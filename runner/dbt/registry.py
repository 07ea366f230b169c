"""The registry of a project, `vars: trustgate:`, compared with its models."""

from collections.abc import Iterator

from runner.project import Project

LAYERS = ("landing", "raw", "base", "stg")


def registry_errors(project: Project) -> Iterator[str]:
    """A sentence for each entity of the registry that lacks a model or a candidate.

    For a project that dbt cannot parse: the message of dbt names only the macro that failed.
    """
    folders = (*project.model_paths, "dbt_packages")
    models = {path.stem for folder in folders for path in (project.root / folder).rglob("*.sql")}
    for entity in project.entities:
        needed = [f"{layer}_{entity}" for layer in LAYERS]
        parts = [f"model {name}" for name in needed if name not in models]
        if entity not in project.candidates:
            parts.append("an entry in `candidates`")
        if parts:
            yield f"Entity {entity} of the registry lacks {', '.join(parts)}."
