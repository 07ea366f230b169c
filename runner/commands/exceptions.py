"""`runner exceptions`: what has to be looked at, and what people do about it."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from runner.commands.filter_options import Wanted, filter_options
from runner.exceptions.states import ACTIONS
from runner.exit_codes import ExitCode
from runner.options import DIRECTORY, Where, actor_option, examples, json_option, where_options

if TYPE_CHECKING:
    from runner.exceptions.changes import Change, Choice
    from runner.exceptions.filters import Filter

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(
    short_help="Work exceptions to their end.",
    epilog=examples(
        "runner exceptions summary",
        "runner exceptions list --check payment_amount_parses --older-than 2d",
        "runner exceptions ack --check payment_amount_parses --yes",
        "runner exceptions resolve 3f2a91c0 --action corrected --note SHOP-12",
    ),
)
def exceptions() -> None:
    """See what fails, and work it to its end.

    NEW becomes ACKNOWLEDGED, then IN_PROGRESS, then RESOLVED or IGNORED, and may be re-opened.
    Exceptions are named by id (its start is enough), or chosen by options; a choice is shown as a
    number and confirmed.
    """


def change_options(command: Command) -> Command:
    """What every change takes: ids or a filter, who, why, and whether to ask."""
    for add in (
        where_options,
        json_option,
        filter_options,
        click.option("--if-version", metavar="V", help="Only if `show` still says this version."),
        click.option("--yes", is_flag=True, help="Do not ask."),
        actor_option,
        click.argument("ids", nargs=-1, metavar="[ID]..."),
    ):
        command = add(command)
    return command


def note_option(required: bool = False) -> Callable[[Command], Command]:
    """`--note`, handed over as `note`."""
    return click.option(
        "--note", metavar="TEXT", required=required, help="What there is to say about it."
    )


through_option = click.option(
    "--through", is_flag=True, help="Take the steps between as well, each on record."
)


@exceptions.command(
    "list",
    epilog=examples(
        "runner exceptions list --severity critical",
        "runner exceptions list --overdue --json",
        "runner exceptions list --status resolved --entity payments",
    ),
)
@click.option(
    "--limit",
    type=click.IntRange(min=1, max=10_000),
    default=50,
    show_default=True,
    metavar="N",
    help="How many at most.",
)
@click.option("--after", metavar="ID", help="Those after this one.")
@filter_options
@json_option
@where_options
def list_(where: Where, wanted: Wanted, limit: int, after: str | None, as_json: bool) -> ExitCode:
    """List exceptions to be worked, the worst and oldest first.

    Those are NEW, ACKNOWLEDGED and IN_PROGRESS; --status and --all show others.
    """
    from runner.exceptions.filters import find_ids, require_exceptions
    from runner.exceptions.reading import list_exceptions
    from runner.explain_exceptions import exception_columns, explain_page
    from runner.render import print_json, print_lines, print_table

    with where.database() as database:
        require_exceptions(database)
        start = find_ids(database, [after])[0] if after else None
        page = list_exceptions(database, _to_show(wanted, database), limit, start)
    if as_json:
        print_json(page)
        return ExitCode.GATE_OPEN
    if page.exceptions:
        rows = [exception_columns(exception) for exception in page.exceptions]
        print_table(list(rows[0]), [list(row.values()) for row in rows])
    print_lines(explain_page(page, _next_page(page.after)))
    return ExitCode.GATE_OPEN


def _to_show(wanted: Wanted, database: Any) -> Filter:
    from runner.exceptions.states import OPEN_STATUSES

    if wanted.every:
        return wanted.filter(database)
    return wanted.filter(database, statuses=OPEN_STATUSES)


def _next_page(after: object) -> str:
    """The command given, asking for what comes after."""
    given = sys.argv[1:]
    if "--after" in given:
        place = given.index("--after")
        del given[place : place + 2]
    return shlex.join(["runner", *given, "--after", str(after)[:8]])


@exceptions.command(epilog=examples("runner exceptions show 3f2a91c0"))
@click.argument("exception_id", metavar="ID")
@json_option
@where_options
def show(where: Where, exception_id: str, as_json: bool) -> ExitCode:
    """Show one exception: values, history, and what may come next."""
    from runner.exceptions.filters import find_ids, require_exceptions
    from runner.exceptions.reading import report_exception
    from runner.explain_exceptions import explain_exception
    from runner.render import print_json, print_lines

    with where.database() as database:
        require_exceptions(database)
        report = report_exception(database, find_ids(database, [exception_id])[0])
    if as_json:
        print_json(report)
    else:
        print_lines(explain_exception(report))
    return ExitCode.GATE_OPEN


@exceptions.command(
    short_help="Count exceptions by check, entity, status and age.",
    epilog=examples("runner exceptions summary", "runner exceptions summary --entity payments"),
)
@filter_options
@json_option
@where_options
def summary(where: Where, wanted: Wanted, as_json: bool) -> ExitCode:
    """Count exceptions by check, entity, status, severity and age.

    Those that stand in the data; with --all also those that are gone.
    """
    from runner.exceptions.filters import require_exceptions
    from runner.exceptions.reading import summarise
    from runner.explain import Line, counted
    from runner.explain_exceptions import SUMMARY_COLUMNS, summary_tables
    from runner.render import print_json, print_lines, print_table

    with where.database() as database:
        require_exceptions(database)
        counts = summarise(database, wanted.filter(database, only_standing=not wanted.every))
    if as_json:
        print_json(counts)
        return ExitCode.GATE_OPEN
    total = next(count.exceptions for count in counts if count.dimension == "all")
    print_lines([Line(f"{counted(total, 'exception')}.")])
    for title, rows in summary_tables(counts):
        print_lines([Line(), Line(title, "title")])
        print_table(["", *SUMMARY_COLUMNS], rows)
    return ExitCode.GATE_OPEN


@exceptions.command(
    short_help="Write exceptions as CSV or JSON Lines.",
    epilog=examples(
        "runner exceptions export open.csv",
        "runner exceptions export --all --format jsonl > all.jsonl",
    ),
)
@click.argument("file", type=DIRECTORY, required=False, metavar="[FILE]")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "jsonl"], case_sensitive=False),
    help="Else by the end of FILE's name, else csv.",
)
@filter_options
@where_options
def export(where: Where, wanted: Wanted, file: Path | None, file_format: str | None) -> ExitCode:
    """Write exceptions to FILE (stdout without one) as CSV or JSON Lines.

    Those to be worked, as `list` has them. FILE is replaced when all is written.
    """
    from runner.errors import TroubleError
    from runner.exceptions.export import export_exceptions
    from runner.exceptions.filters import require_exceptions

    named = "jsonl" if file and file.suffix in (".jsonl", ".ndjson") else "csv"
    with where.database() as database:
        require_exceptions(database)
        chosen = _to_show(wanted, database)
        if file is None or str(file) == "-":
            export_exceptions(database, chosen, file_format or named, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return ExitCode.GATE_OPEN
        unfinished = file.with_name(f"{file.name}.unfinished")
        try:
            with unfinished.open("wb") as stream:
                export_exceptions(database, chosen, file_format or named, stream)
            unfinished.replace(file)
        except OSError as error:
            raise TroubleError(f"{file} cannot be written: {error.strerror}.") from error
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
    return ExitCode.GATE_OPEN


@exceptions.command(
    epilog=examples(
        "runner exceptions ack 3f2a91c0", "runner exceptions ack --check payment_amount_parses"
    )
)
@note_option()
@change_options
def ack(**given: Any) -> ExitCode:
    """Say that it was seen: NEW becomes ACKNOWLEDGED."""
    from runner.exceptions.changes import acknowledge

    return _change(acknowledge(), **given)


@exceptions.command(epilog=examples("runner exceptions start 3f2a91c0 --note 'asking the shop'"))
@through_option
@note_option()
@change_options
def start(through: bool, **given: Any) -> ExitCode:
    """Begin to work on it: ACKNOWLEDGED becomes IN_PROGRESS."""
    from runner.exceptions import changes

    return _change(changes.start(through), **given)


@exceptions.command(
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
    from runner.exceptions import changes

    return _change(changes.resolve(action.upper(), through), **given)


@exceptions.command(epilog=examples("runner exceptions ignore 3f2a91c0 --note 'test order'"))
@through_option
@note_option()
@change_options
def ignore(through: bool, **given: Any) -> ExitCode:
    """Leave it be: IN_PROGRESS becomes IGNORED.

    It is no longer listed, and still counts for the gate; `runner suppress` lets the gate pass.
    """
    from runner.exceptions import changes

    return _change(changes.ignore(through), **given)


@exceptions.command(epilog=examples("runner exceptions reopen 3f2a91c0 --note 'not mended'"))
@note_option()
@change_options
def reopen(**given: Any) -> ExitCode:
    """Take it up again: RESOLVED or IGNORED becomes NEW."""
    from runner.exceptions import changes

    return _change(changes.reopen(), **given)


@exceptions.command(
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
    from runner.exceptions import changes

    name = " ".join((to or "").split())
    if nobody == bool(name):
        raise click.UsageError("Say who is on it with --to NAME, or --nobody.")
    return _change(changes.assign(None if nobody else name), **given)


@exceptions.command(
    short_help="Have it not tried again until unblocked.",
    epilog=examples("runner exceptions block 3f2a91c0 --note 'source is being mended'"),
)
@note_option(required=True)
@change_options
def block(**given: Any) -> ExitCode:
    """Have it not tried again until it is unblocked; the note says why."""
    from runner.exceptions import changes

    return _change(changes.block(), **given)


@exceptions.command(epilog=examples("runner exceptions unblock 3f2a91c0"))
@note_option()
@change_options
def unblock(**given: Any) -> ExitCode:
    """Let it be tried again."""
    from runner.exceptions import changes

    return _change(changes.unblock(), **given)


@exceptions.command(epilog=examples("runner exceptions retry --check payment_order_exists"))
@note_option()
@change_options
def retry(**given: Any) -> ExitCode:
    """Have it tried again, with all attempts before it; unblocks."""
    from runner.exceptions import changes

    return _change(changes.retry(), **given)


def _change(
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
    """Choose, confirm, change, and say so."""
    from runner.errors import ConfigurationError
    from runner.exceptions.changes import carry_out, checked_actor, choose
    from runner.exceptions.filters import require_exceptions
    from runner.explain import Line, counted
    from runner.explain_exceptions import DONE, refusal_words
    from runner.render import print_json, print_lines

    if ids and wanted.is_narrow:
        raise click.UsageError("Name exceptions by id, or choose them by options: not both.")
    if not ids and not wanted.is_narrow:
        raise click.UsageError("Say which: by id, by options such as --check, or --all.")
    if if_version and len(ids) != 1:
        raise click.UsageError("--if-version is about one exception, named by its id.")
    if note is not None and not note.strip():
        raise click.UsageError("--note is empty.")
    checked_actor(by)
    with where.database() as database:
        require_exceptions(database)
        choice = choose(database, _to_change(database, ids, wanted), change, if_version)
        if choice.refused and (ids or not choice.count):
            raise ConfigurationError(*refusal_words(choice))
        if choice.count and not ids and not yes:
            _confirm(choice)
        changed = carry_out(database, choice, by, note) if choice.count else 0
    if as_json:
        left = [vars(refusal) for refusal in choice.refused]
        print_json({"change": change.name, "changed": changed, "left_alone": left})
    elif changed:
        print_lines([Line(f"{counted(changed, 'exception')} {DONE[change.name]}.", "good")])
    else:
        print_lines([Line("No exception matches: nothing to do.")])
    return ExitCode.GATE_OPEN


def _to_change(database: Any, ids: tuple[str, ...], wanted: Wanted) -> Filter:
    from runner.exceptions.filters import Filter, find_ids

    if ids:
        return Filter(ids=find_ids(database, ids))
    return wanted.filter(database, only_standing=True)


def _confirm(choice: Choice) -> None:
    """Show what would be changed, and ask.

    Raises: ConfigurationError where nobody can be asked, or the answer is no.
    """
    from runner.errors import ConfigurationError
    from runner.explain_exceptions import explain_choice
    from runner.render import print_lines

    print_lines(explain_choice(choice), sys.stderr)
    if not sys.stdin.isatty():
        raise ConfigurationError(
            "Nobody can be asked here, and nothing was changed.", "Confirm with --yes."
        )
    if not click.confirm("Go on?", err=True):
        raise ConfigurationError("Nothing was changed.")
