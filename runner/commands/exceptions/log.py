"""`log`: exceptions from outside of the rules."""

from __future__ import annotations

from pathlib import Path

import click

from runner.commands.options import (
    DIRECTORY,
    Where,
    actor_option,
    examples,
    json_option,
    where_options,
)
from runner.exit_codes import ExitCode
from runner.workflow.exceptions.states import SEVERITIES, TYPES


@click.command(
    short_help="Record an exception from outside of the rules.",
    epilog=examples(
        "runner exceptions log --entity payments --key P-1 --code enrich_payments "
        "--message 'no answer from the bank' --payload '{\"status\": 504}'",
    ),
)
@click.option("--entity", required=True, metavar="E", help="Entity of the record.")
@click.option("--key", required=True, metavar="K", help="Business key of the record.")
@click.option("--code", required=True, metavar="C", help="Name of what failed; no check of runs.")
@click.option("--message", required=True, metavar="TEXT", help="Why it failed.")
@click.option(
    "--type",
    "of_type",
    type=click.Choice(TYPES, case_sensitive=False),
    default="TRANSFORM_ERROR",
    show_default=True,
    help="Type of the exception.",
)
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES, case_sensitive=False),
    default="ERROR",
    show_default=True,
    help="Severity of the exception.",
)
@click.option("--payload", metavar="JSON", help="Values that belong to it.")
@click.option("--stack-file", type=DIRECTORY, metavar="FILE", help="File with the stack trace.")
@click.option("--layer", metavar="L", help="Layer where it happened.")
@click.option("--table", metavar="T", help="Table where it happened.")
@click.option("--batch", metavar="B", help="Batch of the record.")
@click.option("--dataset", metavar="NAME", help="Dataset; default: the active one.")
@actor_option
@json_option
@where_options
def log(
    where: Where,
    entity: str,
    key: str,
    code: str,
    message: str,
    of_type: str,
    severity: str,
    payload: str | None,
    stack_file: Path | None,
    layer: str | None,
    table: str | None,
    batch: str | None,
    dataset: str | None,
    by: str,
    as_json: bool,
) -> ExitCode:
    """Record an exception from outside of the rules.

    It is listed at once, and open until a user resolves it. Logged again, it counts one more
    occurrence, or opens again. It does not shut the gate.
    """
    from runner.errors import ConfigurationError
    from runner.project import choose_dataset
    from runner.report.lines import Line
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.exceptions.filters import require_exceptions
    from runner.workflow.exceptions.log import Logged, log_exception

    try:
        stack = stack_file.read_text(encoding="utf-8", errors="replace") if stack_file else None
    except OSError as error:
        raise ConfigurationError(f"{stack_file} cannot be read: {error.strerror}.") from error
    logged = Logged(
        dataset=choose_dataset(dataset, None),
        entity=entity,
        key=key,
        code=code,
        message=message,
        by=by,
        type=of_type.upper(),
        severity=severity.upper(),
        payload=payload,
        stack=stack.replace("\0", "") if stack else None,
        layer=layer,
        table=table,
        batch=batch,
    )
    with where.database() as database:
        require_exceptions(database)
        identity = log_exception(database, logged)
    if as_json:
        print_json({"exception_id": identity})
    else:
        print_lines([Line(f"Exception {str(identity)[:8]} is logged.", "good")])
    return ExitCode.GATE_OPEN
