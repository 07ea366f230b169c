"""Requests to evaluate records again, which the next run serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.dbt.declarations import EntityModel, chosen_entity
from runner.errors import ConfigurationError
from runner.postgres.database import Database
from runner.workflow.alterations import altered_records
from runner.workflow.records import about, require_base, unknown_keys

CONDITIONS = {
    "failed": "_dq_status in ('FAILED', 'WARNING')",
    "stale_rules": "_rules_version <> (select max(rules_version) from {quality.dq_rules}"
    " where entity = %s)",
}
"""Condition on base for the records of a scope."""


@dataclass(frozen=True)
class Selection:
    """The records that a user wants to evaluate again.

    Attributes:
        keys: Record keys.
        batches: Batch ids.
        exceptions: Exception ids, or their first characters.
        scopes: `failed`, `stale_rules`: all such records.
        layers: Layers to restore where they were altered.
        altered: Restore every altered layer.
        entity: Only records of this entity, None for all.
    """

    keys: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    altered: bool = False
    entity: str | None = None


@dataclass(frozen=True)
class PlannedRequest:
    """One request of a selection.

    Attributes:
        scope: As in `reprocess_requests`.
        record_count: Number of records (versions) in base that it selects now.
    """

    entity: str
    scope: str
    record_key: str | None
    batch_id: str | None
    record_count: int


def read_keys(path: Path) -> tuple[str, ...]:
    """Keys of a file, one per line; blank lines are skipped.

    Raises: ConfigurationError if it cannot be read or has no key.
    """
    try:
        keys = tuple(line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from error
    if not any(keys):
        raise ConfigurationError(f"{path} has no key.", "Write one key per line.")
    return tuple(key for key in keys if key)


def plan_requests(
    database: Database, entities: Mapping[str, EntityModel], dataset: str, selection: Selection
) -> list[PlannedRequest]:
    """The requests of a selection, with the records they select now.

    Raises: ConfigurationError for an unknown entity, key, batch or exception.
    """
    names = [chosen_entity(entities, selection.entity).name] if selection.entity else [*entities]
    for name in names:
        require_base(database, name)
    restored, altered_keys = _of_alterations(database, names, dataset, selection)
    keys = [key for key in selection.keys if key not in altered_keys]
    found = restored + _of_keys(database, names, dataset, keys)
    found += _of_exceptions(database, names, dataset, selection.exceptions)
    for batch in selection.batches:
        counted = [(name, _count(database, name, dataset, "_batch_id = %s", [batch]))
                   for name in names]  # fmt: skip
        if not restored and not any(count for _, count in counted):
            raise ConfigurationError(
                f"There is no record of batch {batch} in dataset {dataset}.",
                "List the batches with: runner batches list",
            )
        found += [
            PlannedRequest(name, "batch", None, batch, count) for name, count in counted if count
        ]
    for scope in selection.scopes:
        for name in names:
            parameters = [name] if scope == "stale_rules" else []
            count = _count(database, name, dataset, CONDITIONS[scope], parameters)
            found.append(PlannedRequest(name, scope, None, None, count))
    return found


def write_requests(
    database: Database, dataset: str, requests: Sequence[PlannedRequest], reason: str, actor: str
) -> None:
    """Write the requests; the next run serves them, even if this process is killed."""
    with database.connection.transaction(), database.connection.cursor() as cursor:
        cursor.executemany(
            database.statement(
                "insert into {quality.reprocess_requests} (request_id, dataset, entity, scope,"
                " record_key, batch_id, reason, requested_by, requested_at)"
                " values (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s, clock_timestamp())"
            ),
            [
                (dataset, one.entity, one.scope, one.record_key, one.batch_id, reason, actor)
                for one in requests
            ],
        )


def _of_alterations(
    database: Database, names: Sequence[str], dataset: str, selection: Selection
) -> tuple[list[PlannedRequest], set[str]]:
    """Requests to restore the layers of entities in which a selected record was altered.

    Returns: The requests, and the keys of the altered records.
    Raises: ConfigurationError for a layer without alterations.
    """
    found: list[PlannedRequest] = []
    keys: set[str] = set()
    for name in names:
        count, altered_keys = altered_records(
            database,
            name,
            dataset,
            keys=selection.keys,
            batches=selection.batches,
            layers=selection.layers,
            every=selection.altered,
        )
        if count:
            found.append(PlannedRequest(name, "altered", None, None, count))
            keys |= altered_keys
    if selection.layers and not found:
        raise ConfigurationError(
            f"Nothing was altered in {', '.join(selection.layers)}.",
            "Give the model of a layer, such as base_payments. "
            "A run makes altered marts equal to their candidates.",
        )
    return found, keys


def _of_keys(
    database: Database, names: Sequence[str], dataset: str, keys: Sequence[str]
) -> list[PlannedRequest]:
    found: list[PlannedRequest] = []
    left = list(dict.fromkeys(keys))
    for name in names if left else ():
        missing = set(unknown_keys(database, name, dataset, left))
        found += [PlannedRequest(name, "key", key, None, 1) for key in left if key not in missing]
        left = [key for key in left if key in missing]
    if left:
        more = f" and {len(left) - 5} more" if len(left) > 5 else ""
        raise ConfigurationError(
            f"There is no record {', '.join(left[:5])}{more} in dataset {dataset}; "
            "nothing was requested.",
            "Give the record_key; for a record without a key, the record_id.",
        )
    return found


def _of_exceptions(
    database: Database, names: Sequence[str], dataset: str, starts: Sequence[str]
) -> list[PlannedRequest]:
    found = []
    for start in starts:
        rows = database.rows(
            "select exception_id::text, entity, record_key, exception_type"
            " from {quality.exceptions}"
            " where starts_with(exception_id::text, %s) and %s <> '' and dataset = %s limit 2",
            [start.lower(), start, dataset],
        )
        if len(rows) != 1:
            raise ConfigurationError(
                f"{'No' if not rows else 'More than one'} exception starts with {start}.",
                "List them with: runner exceptions list",
            )
        row = rows[0]
        if row["exception_type"] == "ALTERATION" and row["entity"] in names:
            found.append(PlannedRequest(row["entity"], "altered", None, None, 1))
            continue
        if row["entity"] not in names or unknown_keys(
            database, row["entity"], dataset, [row["record_key"]]
        ):
            raise ConfigurationError(
                f"Exception {start} does not concern a record that can be evaluated again.",
                f"It concerns {row['record_key']} of {row['entity'] or 'no entity'}.",
            )
        found.append(PlannedRequest(row["entity"], "key", row["record_key"], None, 1))
    return found


def _count(
    database: Database, entity: str, dataset: str, condition: str, parameters: Sequence[str]
) -> int:
    counting = "select count(*) as records from {base} where _dataset = %s and "
    row = database.row(
        about(entity, counting + condition),
        [dataset, *parameters],
    )
    return int(row["records"]) if row else 0
