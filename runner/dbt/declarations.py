"""Declarations of models and entities in the YAML of the project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runner.errors import ConfigurationError


@dataclass(frozen=True)
class EntityModel:
    """An entity as its base model declares it.

    Attributes:
        name: The entity.
        key: Columns that identify a record.
        columns: Columns of the received records.
        version: The column that orders the versions of a record, if any.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    version: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeclaredModel:
    """A model of the dbt project, with its declarations.

    Attributes:
        meta: Its `config: meta:`.
        columns: Names of its columns, in order.
        types: Declared types of those columns that have one.
    """

    name: str
    meta: Mapping[str, Any]
    columns: tuple[str, ...]
    types: Mapping[str, str] = field(default_factory=dict)


def entity_models(nodes: Iterable[DeclaredModel]) -> dict[str, EntityModel]:
    """The entities of a project by name."""
    found = [
        EntityModel(
            name=entity,
            key=_listed(node.meta.get("key")),
            columns=tuple(name for name in node.columns if not name.startswith("_")),
            version=_listed(node.meta.get("version")),
        )
        for node in nodes
        if (entity := node.meta.get("entity")) and node.name == f"base_{entity}"
    ]
    return {model.name: model for model in sorted(found, key=lambda model: model.name)}


def _listed(names: str | Sequence[str] | None) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names or ())


def chosen_entity(entities: Mapping[str, EntityModel], name: str) -> EntityModel:
    """The entity of that name.

    Raises: ConfigurationError listing the known entities.
    """
    if name not in entities:
        raise ConfigurationError(
            f"There is no entity {name}.", f"Known entities: {', '.join(entities)}."
        )
    return entities[name]
