"""The command line: its commands, and the exit code and message of an error."""

import io
import sys
import traceback
from collections.abc import Sequence

import click

from runner import __version__
from runner.commands.batches import batches
from runner.commands.correct import correct
from runner.commands.db import db
from runner.commands.exceptions import exceptions
from runner.commands.history import history, show
from runner.commands.lineage import lineage
from runner.commands.load import load
from runner.commands.new_entity import new_entity
from runner.commands.options import debug_option, examples
from runner.commands.program import PROGRAM, call_by, program_name, rename
from runner.commands.reprocess import reprocess
from runner.commands.retention import retention
from runner.commands.run import run
from runner.commands.setup import deps, doctor
from runner.commands.suppress import suppress
from runner.errors import ConfigurationError, InterruptedRunError, RunnerError
from runner.exit_codes import ExitCode
from runner.report.error_lines import print_error
from runner.report.lines import visible


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples(
        "runner run --dataset good         build the bundled good data: exit code 0",
        "runner run --data-dir DIR         load your own files, then build",
        "runner exceptions list            list open exceptions",
        "runner history                    list earlier runs",
        "runner doctor                     check the installation",
    ),
)
@click.version_option(__version__)
@debug_option
def cli() -> None:
    """Check, reconcile and publish data with dbt on Postgres.

    Exit codes: 0 gate open, 1 gate shut, 2 usage or configuration, 3 database, dbt or file error,
    or gate not evaluated, 4 another run holds the lock, 130 interrupted.
    """


for _command in (
    *(run, load, batches, exceptions, suppress, correct, reprocess),
    *(history, show, retention, lineage, new_entity, db, deps, doctor),
):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its code.

    Args:
        arguments: The command line without the name of the program; by default sys.argv.
    """
    from runner.report.streams import escape_unencodable

    escape_unencodable()
    given = list(sys.argv[1:] if arguments is None else arguments)
    name = program_name()
    if name != PROGRAM:
        rename(cli, name)
    try:
        sys.exit(int(cli.main(given, prog_name=name, standalone_mode=False) or 0))
    except (Exception, KeyboardInterrupt) as error:
        if "--debug" in given and isinstance(error, Exception):
            traceback.print_exc()
        sys.exit(int(_report(error, as_json="--json" in given)))


def _report(error: Exception | KeyboardInterrupt, as_json: bool) -> ExitCode:
    """Print an error and its remedy, and choose the exit code."""
    if isinstance(error, click.exceptions.Exit):
        return ExitCode(error.exit_code)
    if isinstance(error, BrokenPipeError):
        sys.stderr.close()
        return ExitCode.ERROR
    known = _known(error)
    if as_json or not isinstance(error, click.ClickException | click.Abort | KeyboardInterrupt):
        known.remedy = call_by(known.remedy, cli, program_name())
        return print_error(known, as_json)
    if isinstance(error, click.ClickException):
        shown = io.StringIO()
        error.show(shown)
        print(visible(shown.getvalue()), end="", file=sys.stderr)
    else:
        print(known.message, file=sys.stderr)
    return known.exit_code


def _known(error: Exception | KeyboardInterrupt) -> RunnerError:
    """The error as a RunnerError."""
    if isinstance(error, RunnerError):
        return error
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return InterruptedRunError("Interrupted.")
    if isinstance(error, click.ClickException):
        context = error.ctx if isinstance(error, click.UsageError) else None
        remedy = f"See `{context.command_path} --help`." if context else ""
        return ConfigurationError(error.format_message(), remedy)
    message = " ".join(str(error).split())
    return RunnerError(
        f"Unexpected error: {type(error).__name__}: {message}",
        "Run it again with --debug for a traceback, and report it.",
    )
