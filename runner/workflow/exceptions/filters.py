"""Filters of exceptions: by id, or by attributes."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from runner.errors import ConfigurationError
from runner.postgres.database import Database

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST_DAYS = 36500
SHOWN_NAMES = 20
LISTS = (
    *("ids", "checks", "entities", "statuses", "severities", "batches", "keys"),
    *("types", "layers", "tables"),
)
CONDITION = """
    (%(dataset)s::text is null or dataset = %(dataset)s::text)
    and (%(ids)s::uuid[] is null or exception_id = any(%(ids)s::uuid[]))
    and (%(checks)s::text[] is null or check_id = any(%(checks)s::text[]))
    and (%(entities)s::text[] is null or entity = any(%(entities)s::text[]))
    and (%(statuses)s::text[] is null or status = any(%(statuses)s::text[]))
    and (%(severities)s::text[] is null or severity = any(%(severities)s::text[]))
    and (%(batches)s::text[] is null or batch_id = any(%(batches)s::text[]))
    and (%(keys)s::text[] is null or record_key = any(%(keys)s::text[]))
    and (%(types)s::text[] is null or exception_type = any(%(types)s::text[]))
    and (
        %(layers)s::text[] is null
        or array[source_layer, target_layer] && %(layers)s::text[]
    )
    and (
        %(tables)s::text[] is null
        or array[source_table, target_table] && %(tables)s::text[]
    )
    and (%(assigned_to)s::text is null or assigned_to = %(assigned_to)s::text)
    and (%(older_than)s::interval is null or opened_at < now() - %(older_than)s::interval)
    and (not %(only_standing)s::boolean or is_standing)
    and (not %(only_overdue)s::boolean or is_overdue)
    and (not %(only_blocked)s::boolean or blocked)
"""
"""SQL on `quality.exceptions`, with the parameters of `Filter.parameters`."""


@dataclass(frozen=True)
class Filter:
    """A filter of exceptions; an empty tuple or None does not restrict.

    Attributes:
        dataset: Only exceptions of this dataset.
        older_than: Only exceptions opened longer ago than this.
        only_standing: Only exceptions whose failure is still in the data.
        only_overdue: Only exceptions past their SLA.
        types: Only exceptions of one of these types.
        layers: Only exceptions whose source or target is in one of these layers.
        tables: Only exceptions whose source or target is one of these tables.
        only_blocked: Only exceptions that are not tried again.
    """

    dataset: str | None = None
    ids: tuple[UUID, ...] = ()
    checks: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    assigned_to: str | None = None
    older_than: timedelta | None = None
    only_standing: bool = False
    only_overdue: bool = False
    types: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    only_blocked: bool = False

    def parameters(self) -> dict[str, Any]:
        """Parameters of CONDITION."""
        given = {name: list(getattr(self, name)) or None for name in LISTS}
        return {
            **given,
            "dataset": self.dataset,
            "assigned_to": self.assigned_to,
            "older_than": self.older_than,
            "only_standing": self.only_standing,
            "only_overdue": self.only_overdue,
            "only_blocked": self.only_blocked,
        }


def require_exceptions(database: Database) -> None:
    """Refuse a database without the relations of the workflow.

    Raises: ConfigurationError with the command that creates them.
    """
    found = database.row(
        "select count(*) filter (where columns.attname = 'version') as versions,"
        " count(*) as columns"
        " from pg_catalog.pg_attribute as columns"
        " join pg_catalog.pg_class as relations on columns.attrelid = relations.oid"
        " join pg_catalog.pg_namespace as schemas on relations.relnamespace = schemas.oid"
        " where schemas.nspname = %s and relations.relname = 'exceptions' and columns.attnum > 0",
        [database.project.schema("quality")],
    )
    assert found is not None
    if not found["columns"]:
        raise ConfigurationError(
            "There are no exceptions before the first run.", "Start one with: runner run"
        )
    if not found["versions"]:
        raise ConfigurationError(
            "The exceptions were written by an earlier version.", "Update them with: runner run"
        )


def validate_filter(database: Database, given: Filter) -> None:
    """Refuse a filter with an unknown check, entity, layer or table.

    Raises: ConfigurationError with similar names, or all.
    """
    for check in given.checks:
        _validate_check(database, check)
    known = [
        row["entity"]
        for row in database.rows(
            "select entity from {quality.dq_rules} union"
            " select entity from {quality.exceptions} where entity <> '' order by 1"
        )
    ]
    for entity in given.entities:
        if entity not in known:
            _refuse("entity", entity, known)
    if given.layers or given.tables:
        _validate_places(database, given)


def _validate_places(database: Database, given: Filter) -> None:
    """Refuse a layer or table that no exception ever had."""
    found = database.rows(
        "select distinct layer, name from {quality.exceptions}"
        " cross join lateral (values (source_layer, source_table), (target_layer, target_table))"
        " as place (layer, name) where layer is not null"
    )
    for what, names, column in (("layer", given.layers, "layer"), ("table", given.tables, "name")):
        known = sorted({row[column] for row in found if row[column]})
        for name in names:
            if name not in known:
                _refuse(what, name, known)


def _validate_check(database: Database, check: str) -> None:
    found = database.row(
        "select exists (select 1 from {quality.dq_rules} where rule_id = %(check)s)"
        " or exists (select 1 from {quality.exceptions} where check_id = %(check)s)"
        " or %(check)s = 'load_rejects'"
        " or exists (select 1 from {quality.recon_summary} where reconciliation = %(check)s)"
        " as is_known",
        {"check": check},
    )
    assert found is not None
    if found["is_known"]:
        return
    known = database.rows(
        "select rule_id as check_id from {quality.dq_rules}"
        " union select distinct reconciliation from {quality.recon_summary}"
        " union select distinct check_id from {quality.exceptions}"
        " union select 'load_rejects' order by 1"
    )
    _refuse("check", check, [row["check_id"] for row in known])


def _refuse(what: str, name: str, known: Sequence[str]) -> None:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    shown = near or known[:SHOWN_NAMES]
    more = "" if near or len(known) <= SHOWN_NAMES else f" and {len(known) - SHOWN_NAMES} more"
    remedy = f"{'Similar' if near else 'Known'}: {', '.join(shown) or 'none yet'}{more}."
    raise ConfigurationError(f"There is no {what} {name!r}.", remedy)


def find_ids(database: Database, starts: Sequence[str]) -> tuple[UUID, ...]:
    """Exception ids by their first characters, in the order given, without duplicates.

    Raises: ConfigurationError for a malformed id, or one that matches none or several exceptions.
    """
    return tuple(dict.fromkeys(_find_id(database, start) for start in starts))


def _find_id(database: Database, start: str) -> UUID:
    digits = start.strip().lower().replace("-", "")
    if not re.fullmatch(r"[0-9a-f]{1,32}", digits):
        raise ConfigurationError(
            f"{start!r} is not an exception id.",
            "An id is hexadecimal, such as 3f2a91c0; list them with: runner exceptions list",
        )
    found = database.rows(
        "select exception_id from {quality.exceptions}"
        " where exception_id between %s and %s order by exception_id limit 2",
        [UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))],
    )
    if not found:
        raise ConfigurationError(
            f"There is no exception {start}.", "List them with: runner exceptions list"
        )
    if len(found) > 1:
        raise ConfigurationError(
            f"More than one exception starts with {start}.", "Give more characters of the id."
        )
    identity: UUID = found[0]["exception_id"]
    return identity


def parse_time(text: str, now: datetime) -> datetime:
    """Parse a time to come: an ISO date or time (UTC by default), or a duration from now.

    Raises: ConfigurationError for any other form, or a time in the past.
    """
    given = text.strip()
    try:
        if "-" in given:
            # Python 3.10 cannot parse the Z.
            found = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", given))
            found = found if found.tzinfo else found.replace(tzinfo=timezone.utc)
        else:
            found = now + parse_duration(given)
    except (ValueError, OverflowError, ConfigurationError) as error:
        raise ConfigurationError(
            f"{text!r} is not a time.",
            "Give one such as 2026-12-31, 2026-12-31T18:00, or 3h from now.",
        ) from error
    if found <= now:
        raise ConfigurationError(f"{text!r} is in the past.", "Give a later time.")
    return found


def parse_duration(text: str) -> timedelta:
    """Parse a duration such as `30m`, `12h`, `3d` or `2w`.

    Raises: ConfigurationError for any other form, zero, and more than a century.
    """
    match = re.fullmatch(r"([0-9]{1,6})\s*([mhdw])", text.strip().lower())
    given = timedelta(**{UNITS[match[2]]: int(match[1])}) if match else timedelta()
    if not timedelta() < given <= timedelta(days=LONGEST_DAYS):
        raise ConfigurationError(
            f"{text!r} is not a duration.", "Give one such as 30m, 12h, 3d or 2w."
        )
    return given
