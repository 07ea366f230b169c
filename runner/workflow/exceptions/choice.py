"""Which exceptions a change is about, and which of them are open to it.

Choosing remembers the version of each, in a temporary table of the session, and holds no lock, so
that a person may take time to confirm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runner.errors import ConflictError
from runner.postgres.database import Database
from runner.workflow.exceptions.change import Change
from runner.workflow.exceptions.filters import CONDITION, Filter

ACCEPTABLE = ("RECON_MISMATCH", "METRIC_DRIFT", "LOAD_REJECT")


@dataclass(frozen=True)
class Refusal:
    """Exceptions chosen that a change is not open to.

    Attributes:
        reason: `status`, `gone` (the data no longer says so), `not a mismatch`, `beyond the cap`,
            `blocked` or `not blocked`.
        status: Status they are in.
        count: How many.
        example: One of them: its exception_id, check_id and record_key.
    """

    reason: str
    status: str
    count: int
    example: dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """Exceptions chosen for a change; which they are stands in the session.

    Attributes:
        count: How many may be changed.
        refused: Those that may not.
    """

    change: Change
    count: int
    refused: tuple[Refusal, ...]


def choose(
    database: Database, wanted: Filter, change: Change, if_version: str | None = None
) -> Choice:
    """Choose the exceptions that a filter means, and tell which of them may be changed so.

    Args:
        if_version: Version that the only one chosen must have, as it was shown; None for any.
    Raises: ConflictError if it has another one.
    """
    database.execute("drop table if exists pg_temp.trustgate_chosen")
    database.execute(
        "create temporary table trustgate_chosen (exception_id uuid, status text, version text,"
        " check_id text, record_key text, refusal text)"
    )
    database.execute(
        "insert into pg_temp.trustgate_chosen select exception_id, status, version, check_id,"
        " record_key, case when not is_standing then 'gone'"
        " when status <> all(%(starts)s::text[]) then 'status'"
        " when %(accepts)s and exception_type <> all(%(acceptable)s::text[]) then 'not a mismatch'"
        " when %(accepts)s and is_beyond_cap then 'beyond the cap'"
        " when %(blocks)s::boolean and blocked then 'blocked'"
        " when not %(blocks)s::boolean and not blocked then 'not blocked'"
        " end from {quality.exceptions} where " + CONDITION,
        {
            **wanted.parameters(),
            "starts": list(change.starts),
            "accepts": change.action == "ACCEPTED",
            "acceptable": list(ACCEPTABLE),
            "blocks": change.blocks,
        },
    )
    database.execute("analyze pg_temp.trustgate_chosen")
    if if_version is not None:
        _refuse_other_version(database, if_version)
    found = database.rows(
        "select refusal, status, count(*) as count,"
        " (array_agg(to_jsonb(chosen) order by exception_id))[1] as example"
        " from pg_temp.trustgate_chosen as chosen"
        " group by refusal, status order by count desc, refusal, status"
    )
    refused = tuple(
        Refusal(
            row["refusal"],
            row["status"],
            row["count"],
            {name: row["example"][name] for name in ("exception_id", "check_id", "record_key")},
        )
        for row in found
        if row["refusal"] is not None
    )
    count = sum(row["count"] for row in found if row["refusal"] is None)
    return Choice(change, count, refused)


def _refuse_other_version(database: Database, version: str) -> None:
    found = database.row(
        "select chosen.exception_id, chosen.version, chosen.status, work.updated_by,"
        " work.updated_at from pg_temp.trustgate_chosen as chosen"
        " left join {quality.exception_work} as work on chosen.exception_id = work.exception_id"
        " where chosen.version <> %s",
        [version],
    )
    if found is not None:
        raise changed_meanwhile(found, 1, 1)


def changed_meanwhile(row: dict[str, Any], total: int, chosen: int) -> ConflictError:
    """What to say where exceptions are no longer as they were chosen.

    Args:
        row: The first of them, with who changed it and when.
        total: How many they are, of how many chosen.
    """
    who = f"by {row['updated_by']}" if row["updated_by"] else "by a run"
    when = f" at {row['updated_at']:%Y-%m-%d %H:%M:%S %Z}".rstrip() if row["updated_at"] else ""
    many = f"{total:,} of {chosen:,} exceptions were" if chosen > 1 else "The exception was"
    first = "the first of them, " if chosen > 1 else ""
    return ConflictError(
        f"{many} changed meanwhile, nothing was overwritten: {first}"
        f"{str(row['exception_id'])[:8]} is {row['status']}, last changed {who}{when}.",
        "Look at it again (`runner exceptions show`), then decide anew.",
    )
