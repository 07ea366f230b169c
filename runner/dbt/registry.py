"""The registry of a project, `vars: trustgate:`, held against the models that are there."""

from collections.abc import Iterator

from runner.project import Project

LAYERS = ("landing", "raw", "base", "stg")


def lacking(project: Project) -> Iterator[str]:
    """A sentence for each entity of the registry that has not all it needs.

    For a project that dbt cannot parse, whose own words name the macro that stumbled over it.
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
