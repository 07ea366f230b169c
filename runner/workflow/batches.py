"""Batches: their control totals, records, fates, and decisions on batches on hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runner.errors import ConfigurationError, ConflictError
from runner.postgres.database import Database

STATUSES = ("LOADING", "LOADED", "HELD", "RELEASED", "REJECTED", "FAILED")


@dataclass(frozen=True)
class BatchReport:
    """Everything recorded about one batch.

    Attributes:
        batch: The row of quality.batches.
        workers: The rows of quality.batch_workers, by worker.
        reasons: Refused records by reason, the most frequent first.
        fates: Records by fate, from quality.batch_balance; None before the first run.
    """

    batch: Mapping[str, Any]
    workers: tuple[Mapping[str, Any], ...]
    reasons: Mapping[str, int]
    fates: Mapping[str, Any] | None


def list_batches(
    database: Database, dataset: str | None, statuses: tuple[str, ...], limit: int
) -> list[Mapping[str, Any]]:
    """Batches, newest first.

    Args:
        dataset: Only batches of this dataset, None for all.
        statuses: Only batches with one of these statuses; empty for all.
        limit: Maximum number of batches.
    """
    _require_batches(database)
    return [
        *database.rows(
            "select batch_id, dataset, entity, source_file, status, loaded_count, rejected_count,"
            " blank_count, business_date, coalesce(loaded_at, started_at) as at"
            " from {quality.batches} where (%s::text is null or dataset = %s)"
            " and (status = any(%s) or %s)"
            " order by coalesce(loaded_at, started_at) desc nulls last, batch_id limit %s",
            [dataset, dataset, list(statuses), not statuses, limit],
        )
    ]


def report_batch(database: Database, start: str) -> BatchReport:
    """Everything recorded about one batch.

    Args:
        start: The batch id, or its first characters.
    Raises: ConfigurationError if there is none, or more than one.
    """
    batch = _find(database, start)
    batch_id = batch["batch_id"]
    workers = database.rows(
        "select * from {quality.batch_workers} where batch_id = %s order by worker_id", [batch_id]
    )
    reasons = database.rows(
        "select reason, count(*) as count from {quality.rejects} where batch_id = %s"
        " group by reason order by count desc, reason",
        [batch_id],
    )
    fates = None
    if database.has("quality.batch_balance"):
        fates = database.row(
            "select * from {quality.batch_balance} where batch_id = %s", [batch_id]
        )
    return BatchReport(
        batch, (*workers,), {row["reason"]: int(row["count"]) for row in reasons}, fates
    )


def decide(database: Database, start: str, status: str, reason: str, actor: str) -> str:
    """Release or reject a batch on hold; the decision is final.

    Args:
        status: RELEASED or REJECTED.
    Returns: The batch id.
    Raises: ConfigurationError without a reason, or for a batch that is not on hold; ConflictError
        if another user decided first.
    """
    if not reason.strip():
        raise ConfigurationError("A decision needs a reason.", "Give one with --reason.")
    batch = _find(database, start)
    if batch["status"] != "HELD":
        by = f", by {batch['decided_by']}" if batch["decided_by"] else ""
        raise ConfigurationError(
            f"Batch {batch['batch_id']} is {batch['status']}{by}, not on hold.",
            "List batches on hold with: runner batches list --status HELD. To load the file of a "
            "rejected batch again, use --force.",
        )
    changed = database.execute(
        "update {quality.batches} set status = %s, decision_reason = %s, decided_by = %s,"
        " decided_at = clock_timestamp() where batch_id = %s and status = 'HELD'",
        [status, reason.strip(), actor, batch["batch_id"]],
    )
    if not changed:
        raise ConflictError(f"Another user has just decided on batch {batch['batch_id']}.")
    return str(batch["batch_id"])


def _find(database: Database, start: str) -> Mapping[str, Any]:
    _require_batches(database)
    found = database.rows(
        "select * from {quality.batches} where batch_id = %s or starts_with(batch_id, %s)"
        " order by (batch_id = %s) desc, batch_id limit 2",
        [start, start, start],
    )
    if not found or not start:
        raise ConfigurationError(
            f"There is no batch {start}.", "List them with: runner batches list"
        )
    if len(found) > 1 and found[0]["batch_id"] != start:
        raise ConfigurationError(
            f"More than one batch starts with {start}: {found[0]['batch_id']}, "
            f"{found[1]['batch_id']} …",
            "Give more characters of the id.",
        )
    return found[0]


def _require_batches(database: Database) -> None:
    if not database.has("quality.batches"):
        raise ConfigurationError("Nothing was loaded yet.", "Load files with: runner load DIR")
