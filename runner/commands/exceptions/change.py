"""Options and steps of the commands that change exceptions: choose, confirm, change."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from runner.commands.exceptions.filter_options import Wanted, filter_options
from runner.commands.options import Where, actor_option, json_option, where_options
from runner.exit_codes import ExitCode

if TYPE_CHECKING:
    from runner.workflow.exceptions.change import Change
    from runner.workflow.exceptions.choice import Choice
    from runner.workflow.exceptions.filters import Filter

Command = TypeVar("Command", bound=Callable[..., Any])


def change_options(command: Command) -> Command:
    """Options of every change: ids or a filter, the user, and whether to confirm."""
    for add in (
        where_options,
        json_option,
        filter_options,
        click.option("--if-version", metavar="V", help="Only if `show` still prints this version."),
        click.option("--yes", is_flag=True, help="Do not ask for confirmation."),
        actor_option,
        click.argument("ids", nargs=-1, metavar="[ID]..."),
    ):
        command = add(command)
    return command


def note_option(required: bool = False) -> Callable[[Command], Command]:
    """`--note`, passed as `note`."""
    return click.option("--note", metavar="TEXT", required=required, help="A note on the change.")


def change_chosen(
    change: Change,
    where: Where,
    ids: tuple[str, ...],
    wanted: Wanted,
    by: str,
    yes: bool,
    if_version: str | None,
    as_json: bool,
    note: str | None,
) -> ExitCode:
    """Choose, confirm, change, and print the result."""
    from runner.errors import ConfigurationError
    from runner.report.exception_lines import DONE, refusal_message
    from runner.report.lines import Line, counted
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.exceptions.actor import checked_actor
    from runner.workflow.exceptions.apply import apply_change
    from runner.workflow.exceptions.choice import choose
    from runner.workflow.exceptions.filters import require_exceptions

    if ids and wanted.is_narrow:
        raise click.UsageError("Give either ids or filter options, not both.")
    if not ids and not wanted.is_narrow:
        raise click.UsageError("Give ids, filter options such as --check, or --all.")
    if if_version and len(ids) != 1:
        raise click.UsageError("--if-version needs exactly one id.")
    if note is not None and not note.strip():
        raise click.UsageError("--note is empty.")
    checked_actor(by)
    with where.database() as database:
        require_exceptions(database)
        choice = choose(database, _to_change(database, ids, wanted), change, if_version)
        if choice.refused and (ids or not choice.count):
            raise ConfigurationError(*refusal_message(choice))
        if choice.count and not ids and not yes:
            _confirm(choice)
        changed = apply_change(database, choice, by, note) if choice.count else 0
    if as_json:
        skipped = [vars(refusal) for refusal in choice.refused]
        print_json({"change": change.name, "changed": changed, "left_alone": skipped})
    elif changed:
        print_lines([Line(f"{counted(changed, 'exception')} {DONE[change.name]}.", "good")])
    else:
        print_lines([Line("No exception matches; nothing was changed.")])
    return ExitCode.GATE_OPEN


def _to_change(database: Any, ids: tuple[str, ...], wanted: Wanted) -> Filter:
    from runner.workflow.exceptions.filters import Filter, find_ids

    if ids:
        return Filter(ids=find_ids(database, ids))
    return wanted.filter(database, only_standing=True)


def _confirm(choice: Choice) -> None:
    """Show the chosen exceptions, and ask for confirmation.

    Raises: ConfigurationError without a terminal, or if the answer is no.
    """
    from runner.errors import ConfigurationError
    from runner.report.exception_lines import explain_choice
    from runner.report.terminal import print_lines

    print_lines(explain_choice(choice), sys.stderr)
    if not sys.stdin.isatty():
        raise ConfigurationError(
            "Nothing was changed: there is no terminal to confirm on.", "Confirm with --yes."
        )
    if not click.confirm("Continue?", err=True):
        raise ConfigurationError("Nothing was changed.")
