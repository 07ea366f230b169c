"""Exceptions, changes of exceptions, and suppressions as lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from runner.report.lines import Line, counted, plain
from runner.workflow.exceptions.change import Change
from runner.workflow.exceptions.choice import Choice, Refusal
from runner.workflow.exceptions.reading import Count, ExceptionReport, Page
from runner.workflow.exceptions.states import TRANSITIONS

COMMANDS = {
    "ACKNOWLEDGED": "ack",
    "IN_PROGRESS": "start",
    "RESOLVED": "resolve",
    "IGNORED": "ignore",
    "NEW": "reopen",
}
DONE = {
    "ack": "acknowledged",
    "start": "in progress",
    "resolve": "resolved",
    "ignore": "ignored",
    "reopen": "reopened",
    "assign": "assigned",
    "block": "blocked",
    "unblock": "unblocked",
    "retry": "scheduled for another attempt",
}
SHORT_ID = 8
SHOWN_MESSAGE = 60
_TITLES = {
    "check": "By check",
    "entity": "By entity",
    "status": "By status",
    "severity": "By severity",
    "type": "By type",
    "layer": "By layer of the source",
    "table": "By table of the source",
    "age": "By age",
}
_FACTS = (
    *("check_id", "entity", "record_key", "dataset", "exception_type", "severity", "status"),
    *("is_standing", "is_accepted", "is_suppressed", "is_overdue", "record_count", "assigned_to"),
    *("resolution_action", "resolution_notes", "resolved_by", "resolved_at", "investigated_by"),
    *("investigation_notes", "occurrences", "episode", "retry_count", "max_retries", "blocked"),
    *(
        "block_reason",
        "batch_id",
        "record_id",
        "source_layer",
        "source_table",
        "target_layer",
        "target_table",
        "next_retry_at",
        "last_retry_at",
        "first_seen_at",
    ),
    *("opened_at", "last_seen_at", "sla_due_at", "version"),
)


def exception_columns(exception: dict[str, Any]) -> dict[str, str]:
    """A row of the list of exceptions."""
    return {
        "id": str(exception["exception_id"])[:SHORT_ID],
        "severity": exception["severity"],
        "status": exception["status"] + (" blocked" if exception["blocked"] else ""),
        "check": exception["check_id"],
        "key": exception["record_key"],
        "age": age(datetime.now(timezone.utc) - exception["opened_at"]),
        "due": "overdue" if exception["is_overdue"] else "-",
        "assigned": plain(exception["assigned_to"]),
        "type": exception["exception_type"],
        "table": plain(exception["source_table"]),
        "reason": _shortened(plain(exception["message"])),
    }


def _shortened(message: str) -> str:
    if len(message) <= SHOWN_MESSAGE:
        return message
    return message[: SHOWN_MESSAGE - 1] + "…"


def age(since: timedelta) -> str:
    """An age in its largest unit: `3 d`, `5 h`, `12 min`."""
    minutes = max(int(since.total_seconds() // 60), 0)
    if minutes >= 2 * 24 * 60:
        return f"{minutes // (24 * 60)} d"
    return f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"


def explain_page(page: Page, more: str) -> Iterator[Line]:
    """The lines below a page of exceptions: their number, and the command for the next page.

    Args:
        more: Command that shows the next page; empty if there is none.
    """
    if not page.total:
        yield Line("No exception matches.")
    elif page.after is not None:
        yield Line(f"{len(page.exceptions):,} of {counted(page.total, 'exception')}. Next page:")
        yield Line(more, "faint", 2, is_verbatim=True)
    else:
        yield Line(f"{counted(page.total, 'exception')}.")


def explain_exception(report: ExceptionReport) -> Iterator[Line]:
    """Everything recorded about one exception."""
    exception = report.exception
    yield Line(f"Exception {exception['exception_id']}", "title")
    yield Line(plain(exception["message"]))
    yield Line()
    known = [name for name in _FACTS if exception[name] not in (None, False)]
    width = max(map(len, known))
    for name in known:
        yield Line(f"{name:<{width}}  {plain(exception[name])}", indent=2)
    yield Line()
    yield Line("Values", "title")
    for name, value in (exception["details"] or {}).items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield Line(f"{name}: {text}", indent=2)
    for suppression in report.suppressions:
        yield Line()
        yield Line(
            f"Suppressed until {plain(suppression['expires_at'])} by {suppression['created_by']}, "
            f"ticket {suppression['ticket']}: {suppression['reason']}",
            "warn",
        )
    yield Line()
    yield Line("History", "title")
    for event in report.events:
        yield Line(_event(event), indent=2)
        if event["note"]:
            yield Line(event["note"], indent=6)
    allowed = TRANSITIONS[exception["status"]] if exception["is_standing"] else ()
    if allowed:
        yield Line()
        yield Line("Next", "title")
        for status in allowed:
            command = f"runner exceptions {COMMANDS[status]} {str(exception['exception_id'])[:8]}"
            yield Line(command, "faint", 2, is_verbatim=True)


def _event(event: dict[str, Any]) -> str:
    who = f"run {event['run_id'][:SHORT_ID]}" if event["run_id"] else event["actor"]
    change = ""
    if event["to_status"] and event["from_status"] != event["to_status"]:
        before = f"{event['from_status']} to " if event["from_status"] else ""
        change = f", {before}{event['to_status']}"
    details = event["details"] or {}
    if "action" in details:
        change += f" ({details['action']})"
    if "retry_at" in details:
        change += f", not before {details['retry_at']}"
    if "to" in details:
        change += f" to {details['to']}" if details["to"] else " to nobody"
    return f"{plain(event['occurred_at'])}  {event['event']}{change}, {who}"


def summary_tables(counts: Iterable[Count]) -> Iterator[tuple[str, list[list[str]]]]:
    """A title and rows for each dimension of a summary."""
    found: dict[str, list[list[str]]] = {}
    for count in counts:
        found.setdefault(count.dimension, []).append(
            [
                count.value or "-",
                *map(plain, (count.exceptions, count.records, count.suppressed, count.overdue)),
            ]
        )
    for dimension, title in _TITLES.items():
        if dimension in found:
            yield title, found[dimension]


SUMMARY_COLUMNS = ["exceptions", "failures", "suppressed", "overdue"]


def explain_choice(choice: Choice) -> Iterator[Line]:
    """The exceptions that a change is about to affect, and those it will skip and why."""
    yield Line(f"{counted(choice.count, 'exception')} will be {DONE[choice.change.name]}.")
    for refusal in choice.refused:
        yield Line(f"{counted(refusal.count, 'exception')} skipped: {_why(refusal)}.", indent=2)


def refusal_message(choice: Choice) -> tuple[str, str]:
    """Why the chosen exceptions cannot be changed, and what can be done instead."""
    refusal = choice.refused[0]
    total = sum(one.count for one in choice.refused)
    example = refusal.example
    name = f"{example['exception_id'][:SHORT_ID]} ({example['check_id']}, {example['record_key']})"
    message = f"{name} cannot be {DONE[choice.change.name]}: {_why(refusal)}."
    if total > 1:
        message = f"Nothing was changed, because of {counted(total, 'exception')}: {message}"
    return message, _instead(refusal, choice.change)


def _why(refusal: Refusal) -> str:
    return {
        "status": f"it is {refusal.status}",
        "gone": "a run no longer found it",
        "not a mismatch": "only mismatches and lines rejected at load can be accepted",
        "beyond the cap": "it represents many failures, whose values are not listed",
        "blocked": "it is blocked already",
        "not blocked": "it is not blocked",
    }[refusal.reason]


def _instead(refusal: Refusal, change: Change) -> str:
    if refusal.reason == "gone":
        return "A run reopens it if the failure comes back."
    if refusal.reason == "not a mismatch":
        return "Correct the record, or suppress the failure: runner suppress add --help"
    if refusal.reason == "beyond the cap":
        return "Suppress the check, or fix what makes so many records fail."
    if refusal.reason != "status":
        return ""
    allowed = [f"{status} ({COMMANDS[status]})" for status in TRANSITIONS[refusal.status]]
    remedy = f"From {refusal.status} it can become {' or '.join(allowed)}."
    if change.name == "assign":
        return f"{remedy} Only an open exception can be assigned."
    if change.name in ("start", "resolve", "ignore") and refusal.status in ("NEW", "ACKNOWLEDGED"):
        remedy += " --through takes the steps in between as well."
    return remedy


def suppression_columns(suppression: dict[str, Any]) -> dict[str, str]:
    """A row of the list of suppressions."""
    return {
        "id": suppression["suppression_id"],
        "state": suppression["state"],
        "check": suppression["check_id"],
        "entity": plain(suppression["entity"]),
        "key": plain(suppression["record_key"]),
        "ticket": plain(suppression["ticket"]),
        "expires": plain(suppression["expires_at"]),
        "covers": plain(suppression["covered"]),
        "by": plain(suppression["created_by"]),
    }


def explain_suppression(suppression: dict[str, Any]) -> Iterator[Line]:
    """A suppression that was just added."""
    yield Line(
        f"Suppression {suppression['suppression_id']} is active until "
        f"{plain(suppression['expires_at'])}; it covers "
        f"{counted(suppression['covered'], 'open exception')}.",
        "good",
    )
    yield Line("Runs still find, store and count them; they do not shut the gate.")
