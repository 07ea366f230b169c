"""`ack`, `start`, `resolve`, `ignore`, `reopen` and `assign`: working exceptions to their end."""

from __future__ import annotations

from typing import Any

import click

from runner.commands.exceptions.change import change_chosen, change_options, note_option
from runner.commands.options import examples
from runner.exit_codes import ExitCode
from runner.workflow.exceptions.states import ACTIONS

through_option = click.option(
    "--through", is_flag=True, help="Take the steps between as well, each on record."
)


@click.command(
    epilog=examples(
        "runner exceptions ack 3f2a91c0", "runner exceptions ack --check payment_amount_parses"
    )
)
@note_option()
@change_options
def ack(**given: Any) -> ExitCode:
    """Say that it was seen: NEW becomes ACKNOWLEDGED."""
    from runner.workflow.exceptions.change import acknowledge

    return change_chosen(acknowledge(), **given)


@click.command(epilog=examples("runner exceptions start 3f2a91c0 --note 'asking the shop'"))
@through_option
@note_option()
@change_options
def start(through: bool, **given: Any) -> ExitCode:
    """Begin to work on it: ACKNOWLEDGED becomes IN_PROGRESS."""
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
    help="How it was settled.",
)
@through_option
@note_option()
@change_options
def resolve(action: str, through: bool, **given: Any) -> ExitCode:
    """Say how it was settled: IN_PROGRESS becomes RESOLVED.

    accepted: the mismatch is right as it is, with the values it has now; it no longer shuts the
    gate, and re-opens when they change. corrected: the data was mended; it re-opens if a run finds
    it again. rejected: the record is refused for good; it counts for the gate until it is gone.
    """
    from runner.workflow.exceptions import change

    return change_chosen(change.resolve(action.upper(), through), **given)


@click.command(epilog=examples("runner exceptions ignore 3f2a91c0 --note 'test order'"))
@through_option
@note_option()
@change_options
def ignore(through: bool, **given: Any) -> ExitCode:
    """Leave it be: IN_PROGRESS becomes IGNORED.

    It is no longer listed, and still counts for the gate; `runner suppress` lets the gate pass.
    """
    from runner.workflow.exceptions import change

    return change_chosen(change.ignore(through), **given)


@click.command(epilog=examples("runner exceptions reopen 3f2a91c0 --note 'not mended'"))
@note_option()
@change_options
def reopen(**given: Any) -> ExitCode:
    """Take it up again: RESOLVED or IGNORED becomes NEW."""
    from runner.workflow.exceptions import change

    return change_chosen(change.reopen(), **given)


@click.command(
    epilog=examples(
        "runner exceptions assign 3f2a91c0 --to ada",
        "runner exceptions assign --entity payments --to ada --yes",
    )
)
@click.option("--to", metavar="NAME", help="Who is on it from now on.")
@click.option("--nobody", is_flag=True, help="Nobody is.")
@note_option()
@change_options
def assign(to: str | None, nobody: bool, **given: Any) -> ExitCode:
    """Say who is on it; its status stays."""
    from runner.workflow.exceptions import change

    name = " ".join((to or "").split())
    if nobody == bool(name):
        raise click.UsageError("Say who is on it with --to NAME, or --nobody.")
    return change_chosen(change.assign(None if nobody else name), **given)
