"""The lineage of one record: its versions, their fates, and the events of each stage."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql

from runner.errors import ConfigurationError
from runner.postgres.database import Database, explained

IN_MARTS = ("candidate", "total")
STAMPS = ("reconciled_at",)
"""Columns of a mart with the time of writing, which are not compared."""


@dataclass(frozen=True)
class Event:
    """One event in the lineage of a record.

    Attributes:
        record_id: Version of the record; None for a line rejected at load.
        stage: As in `quality.record_lineage`, or `rejected`.
        relation: Relation that holds the event.
        next_id: Id in the next stage, or of the correction, exception or request itself.
        happened_at: Time of the event; None if it was not recorded.
        actor: A user or `run`, None for a layer.
    """

    record_id: str | None
    stage: str
    relation: str
    status: str | None
    detail: str
    next_id: str | None
    happened_at: datetime | None
    actor: str | None = None
    run_id: str | None = None


@dataclass(frozen=True)
class Version:
    """One version of the record as received.

    Attributes:
        fate: PENDING, DUPLICATE, SUPERSEDED, QUARANTINED, PROMOTED or REJECTED.
        checksum: md5 of its content as received; None for a rejected line.
    """

    record_id: str | None
    fate: str
    checksum: str | None


@dataclass(frozen=True)
class MartRow:
    """A row of a mart that the record contributes to.

    Attributes:
        key: Columns that identify the row, and their values.
        state: `published` with the values of the candidate; `published in another state`; `not
            published`.
    """

    relation: str
    key: dict[str, Any]
    state: str


@dataclass(frozen=True)
class Lineage:
    """The lineage of a record, oldest first."""

    dataset: str
    entity: str
    record_key: str
    versions: tuple[Version, ...]
    events: tuple[Event, ...]
    mart_rows: tuple[MartRow, ...] = ()


def read_lineage(database: Database, dataset: str, entity: str, key: str) -> Lineage:
    """Read the lineage of a record.

    Args:
        key: Business key, encoded like `_record_key`, or record id; for a line rejected at load,
            `<batch>:<row number>`.
    Raises: ConfigurationError for an unknown entity or record, with other datasets that have it.
    Source: `quality.record_lineage`; raw for records not evaluated yet; `quality.rejects`.
    """
    _check_entity(database, entity)
    rows = _rows(database, dataset, entity, key)
    if rows:
        return _of_rows(database, dataset, entity, rows)
    for look in (_pending, _rejected):
        found = look(database, dataset, entity, key)
        if found is not None:
            return found
    raise ConfigurationError(
        f"There is no record {key or '(empty key)'} of {entity} in dataset {dataset}.",
        _where_else(database, entity, key),
    )


def _check_entity(database: Database, entity: str) -> None:
    known = [
        row["entity"]
        for row in database.rows(
            "select substr(relations.relname, 6) as entity from pg_catalog.pg_class as relations"
            " join pg_catalog.pg_namespace as schemas on relations.relnamespace = schemas.oid"
            " where schemas.nspname = %s and starts_with(relations.relname, 'base_')"
            " and relations.relkind = 'r' order by 1",
            [database.project.schema("staging")],
        )
    ]
    if not known or not database.has("quality.record_lineage"):
        raise ConfigurationError("No record was processed yet.", "Start with: runner run")
    if entity not in known:
        raise ConfigurationError(
            f"There is no entity {entity}.", f"Known entities: {', '.join(known)}."
        )


def _rows(database: Database, dataset: str, entity: str, key: str) -> list[dict[str, Any]]:
    """Rows of `record_lineage` by key, else by record id, in order."""
    rows = database.rows(
        "select * from {quality.record_lineage}"
        " where dataset = %s and entity = %s and record_key = %s"
        " order by reached_at, stage_number, detail",
        [dataset, entity, key],
    )
    if not rows and (record_id := _as_id(key)):
        rows = database.rows(
            "select * from {quality.record_lineage}"
            " where dataset = %s and entity = %s and record_id = %s"
            " order by reached_at, stage_number, detail",
            [dataset, entity, record_id],
        )
    return rows


def _as_id(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None


def _of_rows(
    database: Database, dataset: str, entity: str, rows: Sequence[dict[str, Any]]
) -> Lineage:
    versions = {row["record_id"]: row for row in rows}
    return Lineage(
        dataset=dataset,
        entity=entity,
        record_key=rows[0]["record_key"],
        versions=tuple(
            Version(str(record_id), row["fate"] or "UNKNOWN", row["checksum"])
            for record_id, row in versions.items()
        ),
        events=tuple(
            Event(
                record_id=str(row["record_id"]),
                stage=row["stage"],
                relation=_plain_name(row["relation"]),
                status=row["status"],
                detail=row["detail"] or "",
                next_id=row["next_id"],
                happened_at=row["reached_at"],
                actor=row["actor"],
                run_id=row["run_id"],
            )
            for row in rows
        ),
        mart_rows=tuple(
            _mart_row(database, _plain_name(row["relation"]), json.loads(row["next_id"]))
            for row in rows
            if row["stage"] in IN_MARTS and row["next_id"] not in (None, "{}")
        ),
    )


def _plain_name(relation: str) -> str:
    return relation.replace('"', "")


def _mart_row(database: Database, candidate: str, key: dict[str, Any]) -> MartRow:
    """Whether the mart of the candidate has this row, and with the same values."""
    name = candidate.partition(".")[2]
    mart = f"marts.{name}"
    shown = f"{database.project.schema('marts')}.{name}"
    if not database.has(mart):
        return MartRow(shown, key, "not published")
    columns = database.rows(
        "select attributes.attname as name from pg_catalog.pg_attribute as attributes"
        " where attributes.attrelid = format('%%I.%%I', %s::text, %s::text)::regclass"
        " and attributes.attnum > 0 and not attributes.attisdropped and attributes.attname in ("
        " select candidates.attname from pg_catalog.pg_attribute as candidates"
        " where candidates.attrelid = format('%%I.%%I', %s::text, %s::text)::regclass"
        ") and attributes.attname <> all(%s)",
        [
            *(database.project.schema("marts"), name),
            *(database.project.schema("candidate"), name),
            list(STAMPS),
        ],
    )
    listed = sql.SQL(", ").join(sql.Identifier(row["name"]) for row in columns)
    wanted = sql.SQL(" and ").join(
        sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(value))
        for column, value in key.items()
    )
    with explained():
        found = database.connection.execute(
            sql.SQL(
                "select exists (select 1 from {mart} where {wanted}) as is_there, exists ("
                " select {listed} from {mart} where {wanted}"
                " intersect select {listed} from {candidate} where {wanted}) as is_same"
            ).format(
                mart=database.relation(mart),
                candidate=database.relation(f"candidate.{name}"),
                wanted=wanted,
                listed=listed,
            )
        ).fetchone()
    assert found is not None
    if not found["is_there"]:
        return MartRow(shown, key, "not published")
    return MartRow(shown, key, "published" if found["is_same"] else "published in another state")


def _pending(database: Database, dataset: str, entity: str, key: str) -> Lineage | None:
    """A record in raw that was not evaluated yet, by record id."""
    record_id = _as_id(key)
    if record_id is None or not database.has(f"raw.{entity}"):
        return None
    raw = database.relation(f"raw.{entity}")
    with explained():
        row = database.connection.execute(
            sql.SQL(
                "select _source_file || ' row ' || _row_number || ', worker ' || _worker_id"
                " || ', batch ' || _batch_id as detail, _checksum, _loaded_at"
                " from {} where _record_id = %s and _dataset = %s"
            ).format(raw),
            [record_id, dataset],
        ).fetchone()
    if row is None:
        return None
    relation = f"{database.project.schema('raw')}.{entity}"
    return Lineage(
        dataset=dataset,
        entity=entity,
        record_key=key,
        versions=(Version(str(record_id), "PENDING", row["_checksum"]),),
        events=(
            Event(
                str(record_id), "raw", relation, "RECEIVED", row["detail"], None, row["_loaded_at"]
            ),
        ),
    )


def _rejected(database: Database, dataset: str, entity: str, key: str) -> Lineage | None:
    """A line that could not be read at load: `<batch>:<row number>`."""
    place = re.fullmatch(r"(.+):(\d{1,18})", key)
    if place is None or not database.has("quality.rejects"):
        return None
    row = database.row(
        "select rejects.reason, batches.source_file, batches.loaded_at"
        " from {quality.rejects} as rejects"
        " join {quality.batches} as batches on rejects.batch_id = batches.batch_id"
        " where rejects.batch_id = %s and rejects.row_number = %s"
        " and batches.dataset = %s and batches.entity = %s",
        [place[1], int(place[2]), dataset, entity],
    )
    if row is None:
        return None
    relation = f"{database.project.schema('quality')}.rejects"
    where = f"{row['source_file']} row {place[2]}, batch {place[1]}"
    event = Event(
        *(None, "rejected", relation, "REJECTED", f"{where}: {row['reason']}"),
        next_id=None,
        happened_at=row["loaded_at"],
    )
    return Lineage(dataset, entity, key, (Version(None, "REJECTED", None),), (event,))


def _where_else(database: Database, entity: str, key: str) -> str:
    """A remedy for a record that was not found."""
    with explained():
        others = database.connection.execute(
            sql.SQL("select distinct _dataset from {} where _record_key = %s order by 1").format(
                database.relation(f"staging.base_{entity}")
            ),
            [key],
        ).fetchall()
    if others:
        names = ", ".join(row["_dataset"] for row in others)
        return f"It exists in {names}: choose that with --dataset."
    return "A record that is loaded but not evaluated yet has no key: `runner run` evaluates it."
