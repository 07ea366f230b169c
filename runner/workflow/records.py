"""Look up records for corrections and reprocessing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runner.dbt.declarations import EntityModel
from runner.errors import ConfigurationError
from runner.postgres.database import Database

if TYPE_CHECKING:
    from typing_extensions import LiteralString


@dataclass(frozen=True)
class Version:
    """The latest version of a record, with its corrections.

    Attributes:
        record_id: Identity of the version.
        values: Text of each column: as received, or as corrected.
    """

    record_id: str
    record_key: str
    values: Mapping[str, str | None]


def about(entity: str, template: str) -> LiteralString:
    """A statement's template with `{base}` and `{raw}` naming the relations of an entity.

    Args:
        entity: Name of an entity of the project, never user input.
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
            f"There is no record {key} of {entity.name} in dataset {dataset}.",
            "Give the record_key; for a record without a key, the record_id.",
        )
    row = found[0]
    values = {**row["received"], **row["corrected"]}
    return Version(
        row["record_id"], row["record_key"], {name: values.get(name) for name in entity.columns}
    )


def require_base(database: Database, entity: str) -> None:
    """Refuse a database before the first run.

    Raises: ConfigurationError with the command to start one.
    """
    if not database.has(f"staging.base_{entity}"):
        raise ConfigurationError(
            f"No record of {entity} was evaluated yet.", "Start a run with: runner run"
        )


def unknown_keys(database: Database, entity: str, dataset: str, keys: Iterable[str]) -> list[str]:
    """Keys without a record in base, in the order given."""
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
