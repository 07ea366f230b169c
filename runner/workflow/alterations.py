"""Rows of layers that something else than the pipeline wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from runner.postgres.database import Database
from runner.workflow.records import about

SAMPLE = 10


@dataclass(frozen=True)
class Alteration:
    """One altered row.

    Attributes:
        layer: Model of the layer or mart.
        operation: INSERT, UPDATE or DELETE.
        fields: Before and after of each field that differs, of an update.
        altered_by: User of the database; None where only a comparison found it.
        is_restored: Whether this run restored the row.
    """

    layer: str
    entity: str
    record_key: str
    operation: str
    fields: dict[str, dict[str, Any]]
    altered_by: str | None
    altered_at: datetime | str
    is_restored: bool


def alterations_of(
    database: Database, run_id: str, dataset: str
) -> tuple[tuple[Alteration, ...], int]:
    """A sample of what a run restored or found altered, and the number of all of it."""
    if not database.has("quality.alterations"):
        return (), 0
    found = database.rows(
        "select layer, entity, record_key, operation, fields, before, after, altered_by,"
        " altered_at, restored_at is not null as is_restored, count(*) over () as total"
        " from {quality.alterations}"
        " where restored_run = %s or (restored_at is null and coalesce(dataset, %s) = %s)"
        " order by restored_at is not null, alteration_id limit %s",
        [run_id, dataset, dataset, SAMPLE],
    )
    return tuple(map(_alteration, found)), int(found[0]["total"]) if found else 0


def altered_records(
    database: Database,
    entity: str,
    dataset: str,
    *,
    keys: Sequence[str] = (),
    batches: Sequence[str] = (),
    layers: Sequence[str] = (),
    every: bool = False,
) -> tuple[int, set[str]]:
    """Alterations of raw, base and candidates of an entity that a selection affects.

    Those of marts are not among them: a publication restores marts.

    Args:
        every: All of them.
    Returns: Their number, and the keys among them.
    """
    template = (
        "select alteration.record_key, known._record_key as key_in_base"
        " from {quality.alterations} as alteration"
        " left join {base} as known on alteration.record_id = known._record_id"
        " where alteration.restored_at is null and alteration.entity = %s"
        " and alteration.layer ~ '^(raw|base|candidate)_'"
        " and coalesce(alteration.dataset, %s) = %s"
        " and (%s or alteration.record_key = any(%s) or known._record_key = any(%s)"
        " or alteration.batch_id = any(%s) or alteration.layer = any(%s))"
    )
    found = database.rows(
        about(entity, template),
        [entity, dataset, dataset, every, list(keys), list(keys), list(batches), list(layers)],
    )
    return len(found), {
        key for row in found for key in (row["record_key"], row["key_in_base"]) if key
    }


def _alteration(row: dict[str, Any]) -> Alteration:
    before, after = row["before"] or {}, row["after"] or {}
    fields = {
        name: {"before": before.get(name), "after": after.get(name)}
        for name in row["fields"]
        if row["operation"] == "UPDATE"
    }
    return Alteration(
        row["layer"],
        row["entity"],
        str(row["record_key"]),
        row["operation"],
        fields,
        row["altered_by"],
        row["altered_at"],
        row["is_restored"],
    )
