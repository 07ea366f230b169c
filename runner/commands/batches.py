"""`runner batches`."""

from __future__ import annotations

import click

from runner.commands.options import Where, actor_option, examples, json_option, where_options
from runner.exit_codes import ExitCode

STATUSES = ("LOADING", "LOADED", "HELD", "RELEASED", "REJECTED", "FAILED")


@click.group(short_help="What was loaded, and what is held.")
def batches() -> None:
    """What was loaded, and what is held.

    A batch is a file as it was loaded. One that is not what its manifest says is HELD: it is in raw
    and goes no further, and the gate is shut, until somebody releases or rejects it.
    """


@batches.command(
    "list",
    short_help="List batches, the newest first.",
    epilog=examples("runner batches list --status HELD", "runner batches list --dataset shop"),
)
@click.option("--dataset", metavar="NAME", help="Only of this dataset.")
@click.option(
    "--status",
    multiple=True,
    metavar="S",
    type=click.Choice(STATUSES, case_sensitive=False),
    help=f"Only these; repeatable: {', '.join(STATUSES)}.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    metavar="N",
    help="Batches shown at most.",
)
@json_option
@where_options
def list_command(
    where: Where, dataset: str | None, status: tuple[str, ...], limit: int, as_json: bool
) -> ExitCode:
    """List batches, the newest first."""
    from runner.report.batch_lines import LIST_COLUMNS, batch_row
    from runner.report.lines import Line
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines, print_table
    from runner.workflow.batches import list_batches

    with where.database() as database:
        found = list_batches(database, dataset, status, limit)
    if as_json:
        print_json(found)
    elif found:
        print_table([*LIST_COLUMNS], [batch_row(batch) for batch in found])
    else:
        print_lines([Line("There is no such batch.")])
    return ExitCode.GATE_OPEN


@batches.command(
    "show",
    short_help="Tell the story of a batch.",
    epilog=examples("runner batches show 20261120T101500-payments-1a2b3c4d"),
)
@click.argument("batch", metavar="BATCH")
@json_option
@where_options
def show_command(where: Where, batch: str, as_json: bool) -> ExitCode:
    """Tell what was said of BATCH, what arrived, what was refused and what became of it.

    BATCH is its id, or enough of its start.
    """
    from runner.report.batch_lines import explain_batch
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.batches import story

    with where.database() as database:
        found = story(database, batch)
    if as_json:
        print_json(found)
    else:
        print_lines(explain_batch(found))
    return ExitCode.GATE_OPEN


@batches.command(
    "release",
    short_help="Let a held batch through.",
    epilog=examples("runner batches release 20261120T101500 --reason 'sender confirmed 998'"),
)
@click.argument("batch", metavar="BATCH")
@click.option("--reason", required=True, metavar="R", help="Why.")
@actor_option
@json_option
@where_options
def release(where: Where, batch: str, reason: str, by: str, as_json: bool) -> ExitCode:
    """Let BATCH through although it is not what was said; the next run takes its records on."""
    return _decided(where, batch, "RELEASED", reason, by, as_json)


@batches.command(
    "reject",
    short_help="Turn a held batch down.",
    epilog=examples("runner batches reject 20261120T101500 --reason 'cut off, sent again'"),
)
@click.argument("batch", metavar="BATCH")
@click.option("--reason", required=True, metavar="R", help="Why.")
@actor_option
@json_option
@where_options
def reject(where: Where, batch: str, reason: str, by: str, as_json: bool) -> ExitCode:
    """Turn BATCH down for good: its records stay in raw as evidence and go no further."""
    return _decided(where, batch, "REJECTED", reason, by, as_json)


def _decided(
    where: Where, batch: str, status: str, reason: str, by: str, as_json: bool
) -> ExitCode:
    from runner.report.lines import Line
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.batches import decide

    with where.database() as database:
        batch_id = decide(database, batch, status, reason, by)
    if as_json:
        print_json({"batch_id": batch_id, "status": status})
    else:
        print_lines([Line(f"{batch_id} is {status}; `runner run` takes that on.")])
    return ExitCode.GATE_OPEN
