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
    epilog=examples("runner exceptions retry --check payment_order_exists"),
)
@note_option()
@change_options
def retry(**given: Any) -> ExitCode:
    """Retry an exception: request another attempt, reset their number, and unblock it."""
    from runner.workflow.exceptions import change

    return change_chosen(change.retry(), **given)
