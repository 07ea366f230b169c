"""Corrections: values that users set in place of received ones. Raw does not change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runner.dbt.declarations import EntityModel
from runner.errors import ConfigurationError
from runner.postgres.database import Database
from runner.workflow.records import about, latest_version


@dataclass(frozen=True)
class Correction:
    """One corrected field.

    Attributes:
        old_value: Text before the correction, None for NULL.
        new_value: Text after the correction, None for NULL.
    """

    correction_id: str
    record_key: str
    field: str
    old_value: str | None
    new_value: str | None


def correct(
    database: Database,
    entity: EntityModel,
    dataset: str,
    key: str,
    values: Mapping[str, str | None],
    reason: str,
    actor: str,
) -> list[Correction]:
    """Correct the latest version of a record; base applies it in the next evaluation.

    Args:
        values: New text by column, None for NULL.
    Raises: ConfigurationError for an unknown record or column, a column of the key, a value that
        the record has already, or a record of which a newer version was loaded meanwhile.
    """
    if not reason.strip():
        raise ConfigurationError("A correction needs a reason.", "Give one with --reason.")
    for field in values:
        if field not in entity.columns:
            raise ConfigurationError(
                f"{entity.name} has no column {field}.",
                f"Its columns: {', '.join(entity.columns)}.",
            )
        if field in entity.key:
            raise ConfigurationError(
                f"{field} is part of the key of {entity.name} and cannot be corrected.",
                "Ask the sender for a record with the right key.",
            )
    version = latest_version(database, entity, dataset, key)
    for field, value in values.items():
        if version.values[field] == value:
            raise ConfigurationError(f"{field} of {key} is already {_shown(value)}.")
    with database.connection.transaction():
        made = [
            _write(database, entity, dataset, version.record_id, key, field, value,
                   version.values[field], reason, actor)
            for field, value in values.items()
        ]  # fmt: skip
        if latest_version(database, entity, dataset, key) != _as_corrected(version, values):
            raise ConfigurationError(
                f"{key} changed while it was being corrected; nothing was written.",
                f"See: runner lineage {entity.name} {key}",
            )
    return made


def _as_corrected(version: Any, values: Mapping[str, str | None]) -> Any:
    return type(version)(version.record_id, version.record_key, {**version.values, **values})


def _write(
    database: Database, entity: EntityModel, dataset: str, record_id: str, key: str, field: str,
    value: str | None, old: str | None, reason: str, actor: str,
) -> Correction:  # fmt: skip
    row = database.row(
        "insert into {quality.corrections} (correction_id, dataset, entity, record_key, record_id,"
        " field, old_value, new_value, reason, corrected_by, corrected_at)"
        " values (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp())"
        " returning correction_id::text",
        [dataset, entity.name, key, record_id, field, old, value, reason, actor],
    )
    assert row is not None
    return Correction(row["correction_id"], key, field, old, value)


def revert(database: Database, start: str, actor: str) -> Correction:
    """Revert a correction.

    Args:
        start: The correction id, or its first characters.
    Raises: ConfigurationError if there is none, or more than one, or it is reverted already.
    """
    rows = database.rows(
        "select correction_id::text, record_key, field, old_value, new_value, reverted_at"
        " from {quality.corrections}"
        " where starts_with(correction_id::text, %s) and %s <> '' limit 2",
        [start.lower(), start],
    )
    if len(rows) != 1:
        raise ConfigurationError(
            f"{'No' if not rows else 'More than one'} correction starts with {start}.",
            "List them with: runner correct list",
        )
    changed = database.execute(
        "update {quality.corrections} set reverted_at = clock_timestamp(), reverted_by = %s"
        " where correction_id = %s and reverted_at is null",
        [actor, rows[0]["correction_id"]],
    )
    if not changed:
        raise ConfigurationError(f"Correction {start} is already reverted.")
    del rows[0]["reverted_at"]
    return Correction(**rows[0])


def list_corrections(
    database: Database, entities: Mapping[str, EntityModel], dataset: str, limit: int
) -> list[dict[str, Any]]:
    """Corrections of a dataset, newest first, with their state.

    `state` is `reverted`, `outdated` (a later version of the record was loaded), `applied`, or
    `waiting` for the next evaluation. If the correction itself changes which version is the latest,
    only a version that was loaded since makes it outdated.
    """
    template = (
        "select corrections.*, case when reverted_at is not null then 'reverted'"
        " when not base._is_latest and (not base._corrections ?| %s or exists ("
        "   select 1 from {base} as later where later._dataset = base._dataset"
        "   and later._record_key = base._record_key and later._is_latest"
        "   and later._loaded_at > corrected_at)) then 'outdated'"
        " when base._corrections -> field ->> 1 = corrections.correction_id::text then 'applied'"
        " else 'waiting' end as state"
        " from {quality.corrections} as corrections"
        " left join {base} as base on corrections.record_id = base._record_id"
        " where corrections.dataset = %s and corrections.entity = %s"
        " order by corrected_at desc limit %s"
    )
    found: list[dict[str, Any]] = []
    for entity in entities.values():
        if database.has("quality.corrections") and database.has(f"staging.base_{entity.name}"):
            found += database.rows(
                about(entity.name, template), [[*entity.version], dataset, entity.name, limit]
            )
    return sorted(found, key=lambda row: row["corrected_at"], reverse=True)[:limit]


def _shown(value: str | None) -> str:
    return "empty" if value is None else repr(value)
