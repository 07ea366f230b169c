"""What people do to exceptions: chosen first, then changed all together or not at all.

Choosing remembers the version of each exception, in a temporary table of the session, and holds
no lock, so that a person may take time to confirm. Changing locks their work, compares the versions
and writes work and events in one transaction: what somebody else changed meanwhile is never
overwritten.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from runner.database import Database, explained
from runner.errors import ConfigurationError, ConflictError
from runner.exceptions.filters import CONDITION, Filter
from runner.exceptions.states import OPEN_STATUSES, STATUSES, Step, steps_to, steps_within

ACCEPTABLE = ("RECON_MISMATCH", "METRIC_DRIFT", "LOAD_REJECT")
RESERVED_ACTORS = ("run",)


@dataclass(frozen=True)
class Change:
    """Something to do to exceptions.

    Attributes:
        name: What people call it: ack, start, resolve, …
        steps: Its events, from each status it may begin in.
        target: Status it leads to, None where the status stays.
        action: How it is resolved: one of ACTIONS.
        assigns: Whether it says who is on it.
        assigned_to: Who that is, None for nobody.
        blocks: Whether it blocks (True) or unblocks (False); None for neither.
        retries: Whether it asks for another attempt and forgives those made.
    """

    name: str
    steps: tuple[Step, ...]
    target: str | None = None
    action: str | None = None
    assigns: bool = False
    assigned_to: str | None = None
    blocks: bool | None = None
    retries: bool = False

    @property
    def starts(self) -> tuple[str, ...]:
        """Statuses it may begin in."""
        return tuple(dict.fromkeys(step.start for step in self.steps))


def acknowledge() -> Change:
    """Say that it was seen."""
    return Change("ack", steps_to("ACKNOWLEDGED"), "ACKNOWLEDGED")


def start(through: bool = False) -> Change:
    """Begin to work on it."""
    return Change("start", steps_to("IN_PROGRESS", through), "IN_PROGRESS")


def resolve(action: str, through: bool = False) -> Change:
    """Say how it was settled.

    Args:
        action: ACCEPTED (only mismatches and lines rejected at load), CORRECTED or REJECTED.
    """
    return Change("resolve", steps_to("RESOLVED", through), "RESOLVED", action=action)


def ignore(through: bool = False) -> Change:
    """Say that nobody will work on it; for the gate it counts all the same."""
    return Change("ignore", steps_to("IGNORED", through), "IGNORED")


def reopen() -> Change:
    """Take a resolution back."""
    return Change("reopen", steps_to("NEW"), "NEW")


def assign(to: str | None) -> Change:
    """Say who is on it, None for nobody."""
    steps = steps_within("ASSIGNED", OPEN_STATUSES)
    return Change("assign", steps, assigns=True, assigned_to=to)


def block() -> Change:
    """Have it not tried again; the note says why."""
    return Change("block", steps_within("BLOCKED", STATUSES), blocks=True)


def unblock() -> Change:
    """Let it be tried again."""
    return Change("unblock", steps_within("UNBLOCKED", STATUSES), blocks=False)


def retry() -> Change:
    """Ask for another attempt, with all attempts before it again; unblocks."""
    return Change("retry", steps_within("RETRIED", STATUSES), retries=True)


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
        raise ConflictError(_changed(found, 1, 1), _LOOK_AGAIN)


def carry_out(database: Database, choice: Choice, actor: str, note: str | None = None) -> int:
    """Change what was chosen, all of it or nothing.

    Args:
        choice: Made by `choose` on the same connection.
        actor: Who does it.
        note: What is said about it; of `block` the reason.
    Returns: How many exceptions were changed.
    Raises: ConflictError if somebody, or a run, changed one of them since it was chosen;
        ConfigurationError if nobody can be called so.
    """
    change = choice.change
    parameters = {
        "actor": checked_actor(actor),
        "note": note,
        "target": change.target,
        "action": change.action,
        "accepts": change.action == "ACCEPTED",
        "binds": change.action in ("ACCEPTED", "REJECTED"),
        "assigns": change.assigns,
        "assigned_to": change.assigned_to,
        "blocks": change.blocks,
        "retries": change.retries,
        "passes_work": any(step.after == "IN_PROGRESS" for step in change.steps),
        "steps": json.dumps([vars(step) for step in change.steps]),
    }
    with explained(), database.connection.transaction():
        _lock(database)
        _refuse_changed(database, choice)
        at = database.row("select clock_timestamp() as at")
        assert at is not None
        parameters["at"] = at["at"]
        database.execute(_WRITE_EVENTS, parameters)
        return database.execute(_WRITE_WORK, parameters)


def checked_actor(actor: str) -> str:
    """The actor's name, trimmed.

    Raises: ConfigurationError if it is empty, or the name that runs write under.
    """
    name = " ".join(actor.split())
    if not name or name in RESERVED_ACTORS:
        raise ConfigurationError(f"{actor!r} is nobody's name.", "Say who does it: --by NAME")
    return name


def _lock(database: Database) -> None:
    """Have a row of work for each, and hold them all, in the order of their ids."""
    database.execute(
        "insert into {quality.exception_work} (exception_id, status, episode, blocked)"
        " select exception_id, 'NEW', findings.episode, false"
        " from pg_temp.trustgate_chosen as chosen"
        " join {quality.exception_findings} as findings using (exception_id)"
        " where chosen.refusal is null order by exception_id"
        " on conflict (exception_id) do nothing"
    )
    database.row(
        "select count(*) as locked from (select work.exception_id from {quality.exception_work}"
        " as work join pg_temp.trustgate_chosen as chosen on work.exception_id ="
        " chosen.exception_id where chosen.refusal is null order by work.exception_id"
        " for update of work) as work"
    )


def _refuse_changed(database: Database, choice: Choice) -> None:
    changed = database.row(
        "select exceptions.exception_id, exceptions.status, work.updated_by, work.updated_at,"
        " count(*) over () as total from pg_temp.trustgate_chosen as chosen"
        " join {quality.exceptions} as exceptions on chosen.exception_id = exceptions.exception_id"
        " join {quality.exception_work} as work on chosen.exception_id = work.exception_id"
        " where chosen.refusal is null and chosen.version <> exceptions.version"
        " order by exceptions.exception_id limit 1"
    )
    if changed is not None:
        raise ConflictError(_changed(changed, changed["total"], choice.count), _LOOK_AGAIN)


_LOOK_AGAIN = "Look at it again (`runner exceptions show`), then decide anew."


def _changed(row: dict[str, Any], total: int, chosen: int) -> str:
    who = f"by {row['updated_by']}" if row["updated_by"] else "by a run"
    when = f" at {row['updated_at']:%Y-%m-%d %H:%M:%S %Z}".rstrip() if row["updated_at"] else ""
    many = f"{total:,} of {chosen:,} exceptions were" if chosen > 1 else "The exception was"
    first = "the first of them, " if chosen > 1 else ""
    return (
        f"{many} changed meanwhile, nothing was overwritten: {first}"
        f"{str(row['exception_id'])[:8]} is {row['status']}, last changed {who}{when}."
    )


_WRITE_EVENTS = """
    insert into {quality.exception_events} (
        exception_id, event, actor, from_status, to_status, note, run_id, occurred_at, details
    )
    select
        chosen.exception_id,
        steps.event,
        %(actor)s,
        nullif(steps.before, steps.after),
        nullif(steps.after, steps.before),
        case when steps.is_last then %(note)s::text end,
        null,
        %(at)s + steps.place * interval '1 microsecond',
        case
            when steps.is_last and %(action)s::text is not null
                then jsonb_strip_nulls(jsonb_build_object(
                    'action', %(action)s::text,
                    'values', case when %(binds)s then findings.details end
                ))
            when %(assigns)s
                then jsonb_build_object(
                    'from', case when work.episode = findings.episode then work.assigned_to end,
                    'to', %(assigned_to)s::text
                )
        end
    from pg_temp.trustgate_chosen as chosen
    join {quality.exception_findings} as findings on chosen.exception_id = findings.exception_id
    join {quality.exception_work} as work on chosen.exception_id = work.exception_id
    join jsonb_to_recordset(%(steps)s::jsonb) as steps (
        start text, place integer, event text, before text, after text, is_last boolean
    ) on chosen.status = steps.start
    where chosen.refusal is null
"""
_WRITE_WORK = """
    update {quality.exception_work} as work
    set
        status = coalesce(%(target)s::text, chosen.status),
        episode = findings.episode,
        accepted_details = case
            when %(target)s::text = 'RESOLVED'
                then case when %(binds)s then findings.details end
            when chosen.keeps then work.accepted_details
        end,
        assigned_to = case
            when %(assigns)s then %(assigned_to)s::text
            when work.episode = findings.episode then work.assigned_to
        end,
        resolution_action = case
            when %(target)s::text = 'RESOLVED' then %(action)s::text
            when chosen.keeps then work.resolution_action
        end,
        resolution_notes = case
            when %(target)s::text in ('RESOLVED', 'IGNORED') then %(note)s::text
            when chosen.keeps then work.resolution_notes
        end,
        resolved_by = case
            when %(target)s::text in ('RESOLVED', 'IGNORED') then %(actor)s
            when chosen.keeps then work.resolved_by
        end,
        resolved_at = case
            when %(target)s::text in ('RESOLVED', 'IGNORED') then %(at)s
            when chosen.keeps then work.resolved_at
        end,
        investigation_notes = case
            when %(target)s::text = 'IN_PROGRESS' then %(note)s::text
            when work.episode = findings.episode then work.investigation_notes
        end,
        investigated_by = case
            when chosen.is_taken_up then %(actor)s
            when work.episode = findings.episode then work.investigated_by
        end,
        investigated_at = case
            when chosen.is_taken_up then %(at)s
            when work.episode = findings.episode then work.investigated_at
        end,
        blocked = case
            when %(retries)s then false
            else coalesce(%(blocks)s::boolean, work.blocked, false)
        end,
        block_reason = case
            when %(blocks)s::boolean then %(note)s::text
            when %(blocks)s::boolean is null and not %(retries)s then work.block_reason
        end,
        retry_requested_at = case
            when %(retries)s then %(at)s
            -- It was blocked for want of attempts, not by hand.
            when not %(blocks)s::boolean and work.blocked is not true then %(at)s
            else work.retry_requested_at
        end,
        version = coalesce(work.version, 0) + 1,
        updated_at = %(at)s,
        updated_by = %(actor)s
    from (
        select
            exception_id,
            status,
            %(target)s::text is null and status in ('RESOLVED', 'IGNORED') as keeps,
            %(passes_work)s and status in ('NEW', 'ACKNOWLEDGED') as is_taken_up
        from pg_temp.trustgate_chosen
        where refusal is null
    ) as chosen
    join {quality.exception_findings} as findings on chosen.exception_id = findings.exception_id
    where work.exception_id = chosen.exception_id
"""
