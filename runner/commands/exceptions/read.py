"""`list`, `show`, `summary` and `export`: reading exceptions."""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from runner.commands.exceptions.filter_options import Wanted, filter_options
from runner.commands.options import DIRECTORY, Where, examples, json_option, where_options
from runner.exit_codes import ExitCode

if TYPE_CHECKING:
    from runner.workflow.exceptions.filters import Filter


@click.command(
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
    help="Maximum number of exceptions.",
)
@click.option("--after", metavar="ID", help="Continue after this exception.")
@filter_options
@json_option
@where_options
def list_(where: Where, wanted: Wanted, limit: int, after: str | None, as_json: bool) -> ExitCode:
    """List open exceptions, most severe and oldest first.

    Open are NEW, ACKNOWLEDGED and IN_PROGRESS; --status and --all list others.
    """
    from runner.report.exception_lines import exception_columns, explain_page
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines, print_table
    from runner.workflow.exceptions.filters import find_ids, require_exceptions
    from runner.workflow.exceptions.reading import list_exceptions

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
    from runner.workflow.exceptions.states import OPEN_STATUSES

    if wanted.every:
        return wanted.filter(database)
    return wanted.filter(database, statuses=OPEN_STATUSES)


def _next_page(after: object) -> str:
    """The same command for the next page."""
    given = sys.argv[1:]
    if "--after" in given:
        place = given.index("--after")
        del given[place : place + 2]
    return shlex.join(["runner", *given, "--after", str(after)[:8]])


@click.command(epilog=examples("runner exceptions show 3f2a91c0"))
@click.argument("exception_id", metavar="ID")
@json_option
@where_options
def show(where: Where, exception_id: str, as_json: bool) -> ExitCode:
    """Show one exception: its values, history, and next commands."""
    from runner.report.exception_lines import explain_exception
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.exceptions.filters import find_ids, require_exceptions
    from runner.workflow.exceptions.reading import report_exception

    with where.database() as database:
        require_exceptions(database)
        report = report_exception(database, find_ids(database, [exception_id])[0])
    if as_json:
        print_json(report)
    else:
        print_lines(explain_exception(report))
    return ExitCode.GATE_OPEN


@click.command(
    short_help="Count exceptions by check, entity, status and age.",
    epilog=examples("runner exceptions summary", "runner exceptions summary --entity payments"),
)
@filter_options
@json_option
@where_options
def summary(where: Where, wanted: Wanted, as_json: bool) -> ExitCode:
    """Count exceptions by check, entity, status, severity and age.

    Without --all, only exceptions whose failure is still in the data.
    """
    from runner.report.exception_lines import SUMMARY_COLUMNS, summary_tables
    from runner.report.lines import Line, counted
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines, print_table
    from runner.workflow.exceptions.filters import require_exceptions
    from runner.workflow.exceptions.reading import summarise

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


@click.command(
    short_help="Export exceptions as CSV or JSON Lines.",
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
    help="Default: by the suffix of FILE, else csv.",
)
@filter_options
@where_options
def export(where: Where, wanted: Wanted, file: Path | None, file_format: str | None) -> ExitCode:
    """Export exceptions to FILE, by default stdout, as CSV or JSON Lines.

    Exports the exceptions that `list` shows. FILE is replaced when the export is complete.
    """
    from runner.errors import OperationalError
    from runner.workflow.exceptions.export import export_exceptions
    from runner.workflow.exceptions.filters import require_exceptions

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
            raise OperationalError(f"{file} cannot be written: {error.strerror}.") from error
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
    return ExitCode.GATE_OPEN
