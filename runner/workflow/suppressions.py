"""Suppressions: known failures that do not shut the gate, with a ticket and an expiry."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from runner.errors import ConfigurationError
from runner.postgres.database import Database
from runner.workflow.exceptions.actor import checked_actor
from runner.workflow.exceptions.filters import Filter, parse_duration, validate_filter

EXPIRING_DAYS = 7
_COVERED = (
    " (select count(*) from {quality.open_exceptions} as exceptions"
    " where exceptions.dataset = %(dataset)s and exceptions.check_id = suppressions.check_id"
    " and coalesce(suppressions.entity, exceptions.entity) = exceptions.entity"
    " and coalesce(suppressions.record_key, exceptions.record_key) = exceptions.record_key"
    ") as covered"
)


@dataclass(frozen=True)
class Request:
    """A suppression to be added.

    Attributes:
        check_id: Rule, reconciliation or load_rejects.
        entity: Only this entity, None for any.
        record_key: Only this record, None for all of the check.
        ticket: Ticket that tracks the work.
        reason: Why the failure is tolerated.
        expires_at: When the suppression ends.
    """

    check_id: str
    entity: str | None
    record_key: str | None
    ticket: str
    reason: str
    expires_at: datetime


def parse_expiry(text: str, now: datetime) -> datetime:
    """Parse an expiry: `2026-12-31` (end of day, UTC), an ISO time (UTC by default), or `14d`.

    Raises: ConfigurationError for any other form, or a time in the past.
    """
    given = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
            day = date.fromisoformat(given)
            found = datetime.combine(day, time(), timezone.utc) + timedelta(days=1)
        elif "-" in given:
            # Python 3.10 cannot parse the Z.
            found = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", given))
            found = found if found.tzinfo else found.replace(tzinfo=timezone.utc)
        else:
            found = now + parse_duration(given)
    except (ValueError, OverflowError, ConfigurationError) as error:
        raise ConfigurationError(
            f"{text!r} is not a valid expiry.",
            "Give a date such as 2026-12-31, a time such as 2026-12-31T18:00, or 14d from now.",
        ) from error
    if found <= now:
        raise ConfigurationError(f"{text!r} is in the past.", "Give a later time.")
    return found


def add_suppression(
    database: Database, request: Request, actor: str, dataset: str
) -> dict[str, Any]:
    """Add a suppression; it is active at once, without a run.

    Returns: Its row, with `covered`: the open exceptions of the dataset that it covers.
    Raises: ConfigurationError for an unknown check or entity, or an empty ticket or reason.
    """
    for name, value in (("ticket", request.ticket), ("reason", request.reason)):
        if not value.strip():
            raise ConfigurationError(
                f"A suppression needs a {name}.", f"Give one with --{name} TEXT."
            )
    entities = (request.entity,) if request.entity else ()
    validate_filter(database, Filter(checks=(request.check_id,), entities=entities))
    suppression_id = secrets.token_hex(4)
    database.execute(
        "insert into {quality.suppressions} (suppression_id, check_id, entity, record_key, ticket,"
        " reason, created_by, created_at, expires_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, now(), %s)",
        [
            suppression_id,
            request.check_id,
            request.entity,
            request.record_key,
            request.ticket.strip(),
            request.reason.strip(),
            checked_actor(actor),
            request.expires_at,
        ],
    )
    (made,) = list_suppressions(database, dataset, suppression_id=suppression_id)
    return made


def list_suppressions(
    database: Database,
    dataset: str,
    with_past: bool = False,
    limit: int = 1000,
    suppression_id: str | None = None,
) -> list[dict[str, Any]]:
    """Suppressions, the next to expire first, each with `state` and `covered`.

    `state` is `active`, `expiring` (within EXPIRING_DAYS), `expired` or `revoked`; `covered` is the
    number of open exceptions of the dataset that it covers.

    Args:
        with_past: Include expired and revoked ones.
        limit: Maximum number of suppressions.
        suppression_id: Only this one.
    """
    return database.rows(
        "select suppression_id, case when revoked_at is not null then 'revoked'"
        " when expires_at is null or expires_at <= now() then 'expired'"
        " when expires_at <= now() + make_interval(days => %(days)s) then 'expiring'"
        " else 'active' end as state, check_id, entity, record_key, ticket, reason, created_by,"
        " created_at, expires_at, revoked_at, revoked_by," + _COVERED + " from"
        " {quality.suppressions} as suppressions where (%(id)s::text is null or suppression_id ="
        " %(id)s::text) and (%(with_past)s or (revoked_at is null and expires_at > now()))"
        " order by revoked_at is not null, expires_at, suppression_id limit %(limit)s",
        {
            "dataset": dataset,
            "days": EXPIRING_DAYS,
            "id": suppression_id,
            "with_past": with_past,
            "limit": limit,
        },
    )


def expiring_suppressions(database: Database, days: int = EXPIRING_DAYS) -> list[dict[str, Any]]:
    """Active suppressions that expire within this number of days, the next to expire first."""
    if not database.has("quality.active_suppressions"):
        return []
    return database.rows(
        "select suppression_id, check_id, entity, record_key, ticket, expires_at"
        " from {quality.active_suppressions} where expires_at <= now() + make_interval(days => %s)"
        " order by expires_at, suppression_id",
        [days],
    )


def revoke_suppression(database: Database, start: str, actor: str) -> str:
    """Revoke a suppression: the failures it covers count again at once.

    Args:
        start: The suppression id, or its first characters.
    Returns: The suppression id.
    Raises: ConfigurationError if there is none, more than one, or it is not active.
    """
    found = database.rows(
        "select suppression_id from {quality.suppressions}"
        " where starts_with(suppression_id, %s) and %s <> '' limit 2",
        [start, start],
    )
    if len(found) != 1:
        many = "More than one suppression starts with" if found else "There is no suppression"
        raise ConfigurationError(
            f"{many} {start or '(empty id)'}.", "List them with: runner suppress list"
        )
    suppression_id: str = found[0]["suppression_id"]
    changed = database.execute(
        "update {quality.suppressions} set revoked_at = now(), revoked_by = %s"
        " where suppression_id = %s and revoked_at is null and expires_at > now()",
        [checked_actor(actor), suppression_id],
    )
    if not changed:
        raise ConfigurationError(
            f"Suppression {suppression_id} is already revoked or expired.",
            "See: runner suppress list --all",
        )
    return suppression_id
