"""Change the chosen exceptions: all of them or none.

One transaction locks their rows of exception_work, compares the versions, and writes work and
events, so that a concurrent change is never overwritten.
"""

from __future__ import annotations

import json

from runner.postgres.database import Database, explained
from runner.workflow.exceptions.actor import checked_actor
from runner.workflow.exceptions.change_statements import WRITE_EVENTS, WRITE_WORK
from runner.workflow.exceptions.choice import Choice, changed_meanwhile


def apply_change(database: Database, choice: Choice, actor: str, note: str | None = None) -> int:
    """Change the chosen exceptions: all of them or none.

    Args:
        choice: Made by `choose` on the same connection.
        actor: Name of the user.
        note: A note on the change; for `block`, the reason.
    Returns: Number of exceptions changed.
    Raises: ConflictError if a user or a run changed one of them since it was chosen;
        ConfigurationError if the name is empty or reserved.
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
        "retry_at": change.retry_at,
        "passes_work": any(step.after == "IN_PROGRESS" for step in change.steps),
        "steps": json.dumps([vars(step) for step in change.steps]),
    }
    with explained(), database.connection.transaction():
        _lock(database)
        _refuse_changed(database, choice)
        at = database.row("select clock_timestamp() as at")
        assert at is not None
        parameters["at"] = at["at"]
        database.execute(WRITE_EVENTS, parameters)
        return database.execute(WRITE_WORK, parameters)


def _lock(database: Database) -> None:
    """Create missing rows of exception_work, and lock all of them in the order of their ids."""
    database.execute(
        "insert into {quality.exception_work} (exception_id, status, episode, blocked)"
        " select exception_id, 'NEW', findings.episode, false"
        " from pg_temp.trustgate_chosen as chosen"
        " join {quality.exceptions} as findings using (exception_id)"
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
        raise changed_meanwhile(changed, changed["total"], choice.count)
