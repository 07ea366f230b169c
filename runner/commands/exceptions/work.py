"""`ack`, `start`, `resolve`, `ignore`, `reopen` and `assign`: the status of exceptions."""

from __future__ import annotations

from typing import Any

import click

from runner.commands.exceptions.change import change_chosen, change_options, note_option
from runner.commands.options import examples
from runner.exit_codes import ExitCode
from runner.workflow.exceptions.states import ACTIONS

through_option = click.option("--through", is_flag=True, help="Take the steps in between as well.")


@click.command(
    epilog=examples(
        "runner exceptions ack 3f2a91c0", "runner exceptions ack --check payment_amount_parses"
    )
)
@note_option()
@change_options
def ack(**given: Any) -> ExitCode:
    """Acknowledge an exception: NEW becomes ACKNOWLEDGED."""
    from runner.workflow.exceptions.change import acknowledge

    return change_chosen(acknowledge(), **given)


@click.command(epilog=examples("runner exceptions start 3f2a91c0 --note 'asking the shop'"))
@through_option
@note_option()
@change_options
def start(through: bool, **given: Any) -> ExitCode:
    """Start work on an exception: it becomes IN_PROGRESS."""
    from runner.workflow.exceptions import change

    return change_chosen(change.start(through), **given)


@click.command(
    epilog=examples(
        "runner exceptions resolve 3f2a91c0 --action corrected --note SHOP-12",
        "runner exceptions resolve --check recon_restatement --action accepted --through",
    )
)
@click.option(
    "--action",
    required=True,
    type=click.Choice([action.lower() for action in ACTIONS], case_sensitive=False),
    help="How the exception is resolved.",
)
@through_option
@note_option()
@change_options
def resolve(action: str, through: bool, **given: Any) -> ExitCode:
    """Resolve an exception: IN_PROGRESS becomes RESOLVED.

    accepted: the mismatch is right with its current values; it no longer shuts the gate, and is
    reopened when they change. corrected: the data was fixed; it is reopened if a run finds it
    again.
    rejected: the record is refused for good; it counts for the gate until it is gone.
    """
    from runner.workflow.exceptions import change

    return change_chosen(change.resolve(action.upper(), through), **given)


@click.command(epilog=examples("runner exceptions ignore 3f2a91c0 --note 'test order'"))
@through_option
@note_option()
@change_options
def ignore(through: bool, **given: Any) -> ExitCode:
    """Ignore an exception: IN_PROGRESS becomes IGNORED.

    It is no longer listed but still counts for the gate; for the gate, use `runner suppress`.
    """
    from runner.workflow.exceptions import change

    return change_chosen(change.ignore(through), **given)


@click.command(epilog=examples("runner exceptions reopen 3f2a91c0 --note 'not fixed'"))
@note_option()
@change_options
def reopen(**given: Any) -> ExitCode:
    """Reopen an exception: RESOLVED or IGNORED becomes NEW."""
    from runner.workflow.exceptions import change

    return change_chosen(change.reopen(), **given)


@click.command(
    epilog=examples(
        "runner exceptions assign 3f2a91c0 --to ada",
        "runner exceptions assign --entity payments --to ada --yes",
    )
)
@click.option("--to", metavar="NAME", help="Name of the assignee.")
@click.option("--nobody", is_flag=True, help="Remove the assignee.")
@note_option()
@change_options
def assign(to: str | None, nobody: bool, **given: Any) -> ExitCode:
    """Assign an exception to a user; its status does not change."""
    from runner.workflow.exceptions import change

    name = " ".join((to or "").split())
    if nobody == bool(name):
        raise click.UsageError("Give either --to NAME or --nobody.")
    return change_chosen(change.assign(None if nobody else name), **given)
