"""Choose the exceptions of a change, and find those that it does not apply to.

Choosing stores the version of each in a temporary table of the session and holds no lock, so that
a user can take time to confirm.
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
    """Chosen exceptions that a change does not apply to.

    Attributes:
        reason: `status`, `gone` (the failure is no longer in the data), `not a mismatch`, `beyond
            the cap`, `blocked` or `not blocked`.
        status: Their status.
        count: Their number.
        example: exception_id, check_id and record_key of one of them.
    """

    reason: str
    status: str
    count: int
    example: dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """The exceptions chosen for a change; the session holds their ids.

    Attributes:
        count: Number of exceptions that can be changed.
        refused: Those that cannot.
    """

    change: Change
    count: int
    refused: tuple[Refusal, ...]


def choose(
    database: Database, wanted: Filter, change: Change, if_version: str | None = None
) -> Choice:
    """Choose the exceptions that a filter selects, and find those that cannot be changed.

    Args:
        if_version: Version that the only chosen exception must have; None for any.
    Raises: ConflictError if it has another version.
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
    """The error for exceptions that were changed since they were chosen.

    Args:
        row: The first of them, with the user and time of the change.
        total: Their number.
    """
    who = f"by {row['updated_by']}" if row["updated_by"] else "by a run"
    when = f" at {row['updated_at']:%Y-%m-%d %H:%M:%S %Z}".rstrip() if row["updated_at"] else ""
    many = f"{total:,} of {chosen:,} exceptions were" if chosen > 1 else "The exception was"
    first = "the first of them, " if chosen > 1 else ""
    return ConflictError(
        f"{many} changed meanwhile, nothing was overwritten: {first}"
        f"{str(row['exception_id'])[:8]} is {row['status']}, last changed {who}{when}.",
        "Look at it again with `runner exceptions show`, then repeat the change.",
    )
