"""Records and what is known of their entities: what corrections and reprocessing are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runner.database import Database
from runner.errors import ConfigurationError

if TYPE_CHECKING:
    from typing_extensions import LiteralString


@dataclass(frozen=True)
class EntityModel:
    """An entity as its base model declares it.

    Attributes:
        name: The entity.
        key: Columns that identify a record.
        columns: Columns it is received with.
        version: The column by which a later version of a record is told, if any.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    version: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeclaredModel:
    """A model of the dbt project, and what is declared of it.

    Attributes:
        meta: Its `config: meta:`.
        columns: Names of its columns, in order.
    """

    name: str
    meta: Mapping[str, Any]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Version:
    """The latest version of a record, as it is read now.

    Attributes:
        record_id: Identity of the version.
        values: Text of each column: as received, or as corrected.
    """

    record_id: str
    record_key: str
    values: Mapping[str, str | None]


def entity_models(nodes: Iterable[DeclaredModel]) -> dict[str, EntityModel]:
    """The entities of a project by name."""
    found, landed = {}, {}
    for node in nodes:
        entity = node.meta.get("entity")
        if entity and node.name == f"base_{entity}":
            found[entity] = (_listed(node.meta.get("key")), _listed(node.meta.get("version")))
        elif entity and node.name == f"landing_{entity}":
            landed[entity] = tuple(name for name in node.columns if not name.startswith("_"))
    return {
        name: EntityModel(name, key, landed.get(name, ()), version)
        for name, (key, version) in sorted(found.items())
    }


def _listed(names: str | Sequence[str] | None) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names or ())


def chosen_entity(entities: Mapping[str, EntityModel], name: str) -> EntityModel:
    """The entity of that name.

    Raises: ConfigurationError naming those that there are.
    """
    if name not in entities:
        raise ConfigurationError(
            f"There is no entity {name}.", f"Known entities: {', '.join(entities)}."
        )
    return entities[name]


def about(entity: str, template: str) -> LiteralString:
    """A statement's template with `{base}` and `{raw}` naming the relations of an entity.

    Args:
        entity: Name of an entity of the project, never of somebody's input.
    """
    named = template.replace("{base}", f"{{staging.base_{entity}}}")
    return named.replace("{raw}", f"{{raw.{entity}}}")


def latest_version(database: Database, entity: EntityModel, dataset: str, key: str) -> Version:
    """The latest version of a record.

    Args:
        key: Its `record_key`; for a record without a key its record id.
    Raises: ConfigurationError if there is no such record.
    """
    require_base(database, entity.name)
    template = (
        "select base._record_id::text as record_id, base._record_key as record_key,"
        " to_jsonb(raw) as received, coalesce(corrected.fields, '{{}}') as corrected"
        " from {base} as base"
        " join {raw} as raw on base._record_id = raw._record_id"
        " cross join lateral ("
        "   select jsonb_object_agg(field, new_value order by corrected_at, correction_id)"
        "     as fields from {quality.corrections}"
        "   where record_id = base._record_id and reverted_at is null"
        " ) as corrected"
        " where base._dataset = %s and base._record_key = %s and base._is_latest"
    )
    found = database.rows(
        about(entity.name, template),
        [dataset, key],
    )
    if not found:
        raise ConfigurationError(
            f"There is no record {key} among the {entity.name} of dataset {dataset}.",
            "Keys are as in record_key; of a record without a key it is its record_id.",
        )
    row = found[0]
    values = {**row["received"], **row["corrected"]}
    return Version(
        row["record_id"], row["record_key"], {name: values.get(name) for name in entity.columns}
    )


def require_base(database: Database, entity: str) -> None:
    """Refuse where nothing was built yet.

    Raises: ConfigurationError.
    """
    if not database.has(f"staging.base_{entity}"):
        raise ConfigurationError(
            f"No record of {entity} was checked yet.", "Run the pipeline first: runner run"
        )


def unknown_keys(database: Database, entity: str, dataset: str, keys: Iterable[str]) -> list[str]:
    """Keys of which base has no record, in the order given."""
    template = (
        "select given.key from unnest(%s::text[]) with ordinality as given (key, place)"
        " where not exists (select 1 from {base} as base"
        " where base._record_key = given.key and base._dataset = %s) order by given.place"
    )
    rows = database.rows(
        about(entity, template),
        [list(keys), dataset],
    )
    return [row["key"] for row in rows]
