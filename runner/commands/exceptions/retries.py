"""`block`, `unblock` and `retry`: further attempts at failing records."""

from __future__ import annotations

from typing import Any

import click

from runner.commands.exceptions.change import change_chosen, change_options, note_option
from runner.commands.options import examples
from runner.exit_codes import ExitCode


@click.command(
    short_help="Block an exception from further attempts.",
    epilog=examples("runner exceptions block 3f2a91c0 --note 'source is being fixed'"),
)
@note_option(required=True)
@change_options
def block(**given: Any) -> ExitCode:
    """Block an exception from further attempts until it is unblocked; the note is the reason."""
    from runner.workflow.exceptions import change

    return change_chosen(change.block(), **given)


@click.command(epilog=examples("runner exceptions unblock 3f2a91c0"))
@note_option()
@change_options
def unblock(**given: Any) -> ExitCode:
    """Unblock an exception: allow further attempts."""
    from runner.workflow.exceptions import change

    return change_chosen(change.unblock(), **given)


@click.command(
    short_help="Request another attempt, and unblock.",
    epilog=examples(
        "runner exceptions retry --check payment_order_exists",
        "runner exceptions retry 3f2a91c0 --at 2026-12-31T18:00",
    ),
)
@click.option("--at", metavar="TIME", help="When it is due: an ISO time (UTC), or 3h from now.")
@note_option()
@change_options
def retry(at: str | None, **given: Any) -> ExitCode:
    """Retry an exception: request another attempt, reset their number, and unblock it.

    With --at, the first run from that time on makes the attempt, and none is made before.
    """
    from datetime import datetime, timezone

    from runner.workflow.exceptions import change
    from runner.workflow.exceptions.filters import parse_time

    due = None if at is None else parse_time(at, datetime.now(timezone.utc))
    return change_chosen(change.retry(due), **given)
