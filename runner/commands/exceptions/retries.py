"""`block`, `unblock` and `retry`: whether and when a failing record is tried again."""

from __future__ import annotations

from typing import Any

import click

from runner.commands.exceptions.change import change_chosen, change_options, note_option
from runner.commands.options import examples
from runner.exit_codes import ExitCode


@click.command(
    short_help="Have it not tried again until unblocked.",
    epilog=examples("runner exceptions block 3f2a91c0 --note 'source is being mended'"),
)
@note_option(required=True)
@change_options
def block(**given: Any) -> ExitCode:
    """Have it not tried again until it is unblocked; the note says why."""
    from runner.workflow.exceptions import change

    return change_chosen(change.block(), **given)


@click.command(epilog=examples("runner exceptions unblock 3f2a91c0"))
@note_option()
@change_options
def unblock(**given: Any) -> ExitCode:
    """Let it be tried again."""
    from runner.workflow.exceptions import change

    return change_chosen(change.unblock(), **given)


@click.command(epilog=examples("runner exceptions retry --check payment_order_exists"))
@note_option()
@change_options
def retry(**given: Any) -> ExitCode:
    """Have it tried again, with all attempts before it; unblocks."""
    from runner.workflow.exceptions import change

    return change_chosen(change.retry(), **given)
