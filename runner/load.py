"""Files to landing: streamed by COPY, each file a batch, all of a directory or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from runner import csv_file
from runner.csv_file import CsvFile
from runner.database import Database, explain, explained
from runner.errors import ConfigurationError, RunnerError, TroubleError

if TYPE_CHECKING:
    from runner.dbt import Dbt

WHITE_SPACE = " \t\n\r\f\v\u00a0\ufeff"
"""Of nothing else is a blank row made."""
INTAKE = "tag:intake"
"""What dbt creates and loads write to."""


@dataclass(frozen=True)
class Entity:
    """What a load must know of an entity, from the manifest's `landing_<entity>`.

    Attributes:
        name: The entity.
        columns: Columns of its files, in landing's order.
        amount: Column whose sum is the control amount, None where there is none.
    """

    name: str
    columns: tuple[str, ...]
    amount: str | None


@dataclass(frozen=True)
class LoadedBatch:
    """One file as it was loaded, or was found loaded already.

    Attributes:
        batch_id: The batch, an earlier one if `is_repeated`.
        file: The file's path as given.
        is_repeated: Whether the same content was loaded before and so was skipped.
        expected_count: Records of the file that are not blank, counted without the database.
        loaded_count: Records in landing.
        blank_count: Wholly blank rows, which are left out.
        amount_total: Sum of the control amount, None where there is none or none can be read.
        row_hash: Order-free hash of the records.
    """

    batch_id: str
    dataset: str
    entity: str
    file: str
    file_sha256: str
    is_repeated: bool
    expected_count: int
    loaded_count: int
    blank_count: int
    amount_total: Decimal | None
    row_hash: str


def entities_of(nodes: Mapping[str, Any]) -> list[Entity]:
    """The entities a project can load, by name.

    Args:
        nodes: dbt's nodes by unique id.
    """
    found = []
    for node in nodes.values():
        entity = (node.config.meta or {}).get("entity")
        if str(node.resource_type) != "model" or not entity:
            continue
        if node.name == f"landing_{entity}":
            columns = tuple(name for name in node.columns if not name.startswith("_"))
            found.append(Entity(entity, columns, node.config.meta.get("amount")))
    return sorted(found, key=lambda entity: entity.name)


def find_files(
    directory: Path, entities: Sequence[Entity], only: Collection[str] = ()
) -> list[tuple[Entity, Path]]:
    """The entities' files of a directory: `<entity>.csv`.

    Args:
        only: Names of the entities to load; all of them if empty.
    Raises: ConfigurationError for a directory that is none, an unknown entity, no file at all, or
        no file of an entity that was named.
    """
    names = [entity.name for entity in entities]
    if unknown := [name for name in only if name not in names]:
        raise ConfigurationError(
            f"There is no entity {unknown[0]}.", f"Known entities: {', '.join(names)}."
        )
    if not directory.is_dir():
        what = "is a file" if directory.exists() else "does not exist"
        raise ConfigurationError(
            f"{directory} {what}; a load needs a directory.",
            f"Give the directory that holds {_file_names(names)}.",
        )
    wanted = [entity for entity in entities if not only or entity.name in only]
    try:
        present = {path.name.lower(): path for path in sorted(directory.iterdir())}
    except OSError as error:
        raise TroubleError(f"{directory} cannot be read: {error.strerror}.") from error
    found = [
        (entity, present[f"{entity.name}.csv".lower()])
        for entity in wanted
        if f"{entity.name}.csv".lower() in present
    ]
    missing = [entity.name for entity in wanted if entity not in [one for one, _ in found]]
    if not found or (only and missing):
        raise ConfigurationError(
            f"{directory} has no {_file_names(missing or names, 'or')}.",
            "Name the files after the entities, or give another directory.",
        )
    return found


def _file_names(names: Sequence[str], word: str = "and") -> str:
    files = [f"{name}.csv" for name in names]
    return f" {word} ".join(filter(None, [", ".join(files[:-1]), files[-1]])) if files else "file"


def ensure_intake(database: Database, dbt: Dbt, entities: Sequence[Entity]) -> None:
    """Have dbt create what loads write to, where some of it is missing.

    Raises: TroubleError with dbt's word if it cannot.
    """
    needed = [f"landing.{entity.name}" for entity in entities]
    needed += ["quality.batches", "quality.batch_workers", "quality.rejects"]
    if all(database.has(name) for name in needed):
        return
    invocation = dbt.create(INTAKE)
    if invocation.error is not None:
        raise invocation.error
    if failed := invocation.failed_nodes():
        from runner.dbt import clean_message, trouble_of

        raise trouble_of(failed[0].message) or TroubleError(
            f"dbt could not create {failed[0].name}: {clean_message(failed[0].message)}",
            "logs/dbt.log has the details.",
        )


def load(
    database: Database,
    dataset: str,
    files: Sequence[tuple[Entity, Path]],
    tell: Callable[[str], None],
) -> list[LoadedBatch]:
    """Load files, all of them in one transaction: nothing is to be seen before all are in.

    A file whose content the dataset has already is skipped.

    Args:
        tell: Called with a sentence for each file that is being loaded.
    Raises: ConfigurationError for wrong columns; TroubleError for a file that cannot be read;
        either way nothing is loaded.
    """
    inspected = []
    for entity, path in files:
        file = csv_file.inspect(path)
        csv_file.check_columns(file, entity.columns)
        inspected.append((entity, file))
    with explained(), database.connection.transaction():
        return [_load_file(database, dataset, entity, file, tell) for entity, file in inspected]


def _load_file(
    database: Database, dataset: str, entity: Entity, file: CsvFile, tell: Callable[[str], None]
) -> LoadedBatch:
    # Two loads of the same content at once: the second waits, and then finds the first's batch.
    database.execute(
        "select pg_advisory_xact_lock(hashtext('trustgate load ' || %s), hashtext(%s))",
        [database.project.namespace, f"{dataset}/{entity.name}/{file.sha256}"],
    )
    if (earlier := _earlier_batch(database, dataset, entity, file)) is not None:
        return earlier
    tell(f"Loading {file.path.name}: {file.size_bytes / 1e6:,.1f} MB …")
    started_at = datetime.now(timezone.utc)
    batch_id = _new_batch_id(database, entity, file, started_at)
    _copy(database, entity, file, batch_id)
    blank_count = _remove_blank_rows(database, entity, batch_id)
    totals = _totals(database, entity, batch_id)
    batch = LoadedBatch(
        batch_id=batch_id,
        dataset=dataset,
        entity=entity.name,
        file=str(file.path),
        file_sha256=file.sha256,
        is_repeated=False,
        expected_count=file.line_count - blank_count,
        loaded_count=totals["loaded_count"],
        blank_count=blank_count,
        amount_total=totals["amount_total"],
        row_hash=totals["row_hash"],
    )
    if batch.loaded_count != batch.expected_count:
        raise TroubleError(
            f"{file.path} has {file.line_count} records after its header, of which COPY read "
            f"{batch.loaded_count + blank_count}; nothing was loaded.",
            "Look for stray quotes in the file.",
        )
    _record(database, batch, started_at)
    return batch


def _earlier_batch(
    database: Database, dataset: str, entity: Entity, file: CsvFile
) -> LoadedBatch | None:
    found = database.row(
        "select * from {quality.batches} where dataset = %s and entity = %s"
        " and file_sha256 = %s and status = 'LOADED' order by loaded_at limit 1",
        [dataset, entity.name, file.sha256],
    )
    if found is None:
        return None
    return LoadedBatch(
        batch_id=found["batch_id"],
        dataset=dataset,
        entity=entity.name,
        file=str(file.path),
        file_sha256=file.sha256,
        is_repeated=True,
        expected_count=found["expected_count"],
        loaded_count=found["loaded_count"],
        blank_count=found["blank_count"],
        amount_total=found["amount_total"],
        row_hash=found["row_hash"],
    )


def _new_batch_id(database: Database, entity: Entity, file: CsvFile, now: datetime) -> str:
    """`20261120T101500-orders-1a2b3c4d`, with a number behind it where that is taken."""
    plain = f"{now:%Y%m%dT%H%M%S}-{entity.name}-{file.sha256[:8]}"
    taken = database.row(
        "select count(*) as count from {quality.batches}"
        " where batch_id = %s or starts_with(batch_id, %s)",
        [plain, f"{plain}-"],
    )
    assert taken is not None
    return f"{plain}-{taken['count'] + 1}" if taken["count"] else plain


def _copy(database: Database, entity: Entity, file: CsvFile, batch_id: str) -> None:
    connection = database.connection
    connection.execute("drop sequence if exists pg_temp.trustgate_row_number")
    connection.execute("create temporary sequence trustgate_row_number cache 1000")
    connection.execute(
        "select set_config('trustgate.batch_id', %s, true),"
        " set_config('trustgate.row_number_sequence', 'pg_temp.trustgate_row_number', true)",
        [batch_id],
    )
    statement = sql.SQL(
        "copy {landing} ({columns}) from stdin (format csv, header true, encoding 'utf8')"
    ).format(
        landing=database.relation(f"landing.{entity.name}"),
        columns=sql.SQL(", ").join(map(sql.Identifier, file.columns)),
    )
    try:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for chunk in csv_file.chunks(file):
                copy.write(chunk)
    except psycopg.Error as error:
        raise _explain_copy(error, file) from error


def _explain_copy(error: psycopg.Error, file: CsvFile) -> RunnerError:
    """What is wrong with the file, in its own terms, where it is the file."""
    if error.sqlstate not in ("22P04", "22021", "22P05", "54000"):
        return explain(error)
    message = error.diag.message_primary or str(error)
    context = error.diag.context or ""
    _, found, line = context.partition(", line ")
    where = f", line {line.split(':')[0].split(',')[0]}" if found else ""
    if "extra data" in message:
        message = f"more values than the header's {len(file.columns)} columns"
    elif "missing data" in message:
        message = f"fewer values than the header's {len(file.columns)} columns"
    elif "unquoted" in message:
        message = "a line ends in another way than the lines before"
    return TroubleError(
        f"{file.path}{where}: {message}; nothing was loaded.",
        "Mend the line and load again; a separator or line end that belongs to a value must stand "
        "in quotes.",
    )


def _remove_blank_rows(database: Database, entity: Entity, batch_id: str) -> int:
    blank = sql.SQL(" and ").join(
        sql.SQL("({0} is null or btrim({0}, {1}) = '')").format(
            sql.Identifier(column), sql.Literal(WHITE_SPACE)
        )
        for column in entity.columns
    )
    return database.connection.execute(
        sql.SQL("delete from {} where _batch_id = {} and {}").format(
            database.relation(f"landing.{entity.name}"), sql.Literal(batch_id), blank
        )
    ).rowcount


def _totals(database: Database, entity: Entity, batch_id: str) -> dict[str, Any]:
    """Count, control amount and hash of what is in landing, in one pass.

    Source: the hash is that of the dbt project's macro `set_hash`.
    """
    amount: sql.Composable = sql.SQL("null::numeric")
    if entity.amount is not None:
        amount = sql.SQL("sum({}({}))").format(
            sql.Identifier(database.project.schema("quality"), "try_numeric"),
            sql.Identifier(entity.amount),
        )
    query = sql.SQL(
        "select count(*) as loaded_count, {amount} as amount_total,"
        " count(*) || ':'"
        " || coalesce(sum(('x' || left(checksum, 16))::bit(64)::bigint::numeric), 0) || ':'"
        " || coalesce(sum(('x' || right(checksum, 16))::bit(64)::bigint::numeric), 0) as row_hash"
        " from (select *, md5(row({columns})::text) as checksum from {landing}"
        " where _batch_id = {batch_id}) as batch"
    ).format(
        amount=amount,
        columns=sql.SQL(", ").join(map(sql.Identifier, entity.columns)),
        landing=database.relation(f"landing.{entity.name}"),
        batch_id=sql.Literal(batch_id),
    )
    found = database.connection.execute(query).fetchone()
    assert found is not None
    return found


def _record(database: Database, batch: LoadedBatch, started_at: datetime) -> None:
    """The load's own record: the control that raw is held against."""
    database.execute(
        "insert into {quality.batches} (batch_id, dataset, entity, source_file, file_sha256,"
        " expected_count, loaded_count, rejected_count, blank_count, amount_total, row_hash,"
        " worker_count, status, loaded_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, 0, %s, %s, %s, 1, 'LOADED', clock_timestamp())",
        [
            *(batch.batch_id, batch.dataset, batch.entity, Path(batch.file).name),
            *(batch.file_sha256, batch.expected_count, batch.loaded_count, batch.blank_count),
            *(batch.amount_total, batch.row_hash),
        ],
    )
    database.execute(
        "insert into {quality.batch_workers} (batch_id, worker_id, records_read,"
        " records_written, batches_written, records_rejected, started_at, finished_at)"
        " values (%s, 0, %s, %s, 1, 0, %s, clock_timestamp())",
        [
            batch.batch_id,
            batch.expected_count + batch.blank_count,
            batch.loaded_count,
            started_at,
        ],
    )
