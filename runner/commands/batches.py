"""`runner batches`."""

from __future__ import annotations

import click

from runner.commands.options import Where, actor_option, examples, json_option, where_options
from runner.exit_codes import ExitCode

STATUSES = ("LOADING", "LOADED", "HELD", "RELEASED", "REJECTED", "FAILED")


@click.group(short_help="List, show and decide on batches.")
def batches() -> None:
    """List batches, show one, and release or reject batches on hold.

    A batch is a loaded file. If its control totals do not match, the batch is HELD: its records
    stay in raw and the gate is shut until a user releases or rejects it.
    """


@batches.command(
    "list",
    short_help="List batches, newest first.",
    epilog=examples("runner batches list --status HELD", "runner batches list --dataset shop"),
)
@click.option("--dataset", metavar="NAME", help="Only batches of this dataset.")
@click.option(
    "--status",
    multiple=True,
    metavar="S",
    type=click.Choice(STATUSES, case_sensitive=False),
    help=f"Only batches with this status; repeatable: {', '.join(STATUSES)}.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    metavar="N",
    help="Maximum number of batches.",
)
@json_option
@where_options
def list_command(
    where: Where, dataset: str | None, status: tuple[str, ...], limit: int, as_json: bool
) -> ExitCode:
    """List batches, newest first."""
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
        print_lines([Line("No batch matches.")])
    return ExitCode.GATE_OPEN


@batches.command(
    "show",
    short_help="Show one batch.",
    epilog=examples("runner batches show 20261120T101500-payments-1a2b3c4d"),
)
@click.argument("batch", metavar="BATCH")
@json_option
@where_options
def show_command(where: Where, batch: str, as_json: bool) -> ExitCode:
    """Show one batch: control totals, records received and refused, fates, and the decision.

    BATCH is a batch id, or its first characters.
    """
    from runner.report.batch_lines import explain_batch
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.batches import report_batch

    with where.database() as database:
        found = report_batch(database, batch)
    if as_json:
        print_json(found)
    else:
        print_lines(explain_batch(found))
    return ExitCode.GATE_OPEN


@batches.command(
    "release",
    short_help="Release a batch on hold.",
    epilog=examples("runner batches release 20261120T101500 --reason 'sender confirmed 998'"),
)
@click.argument("batch", metavar="BATCH")
@click.option("--reason", required=True, metavar="R", help="Reason of the decision.")
@actor_option
@json_option
@where_options
def release(where: Where, batch: str, reason: str, by: str, as_json: bool) -> ExitCode:
    """Release a batch on hold: the next run processes its records."""
    return _decided(where, batch, "RELEASED", reason, by, as_json)


@batches.command(
    "reject",
    short_help="Reject a batch on hold.",
    epilog=examples("runner batches reject 20261120T101500 --reason 'cut off, sent again'"),
)
@click.argument("batch", metavar="BATCH")
@click.option("--reason", required=True, metavar="R", help="Reason of the decision.")
@actor_option
@json_option
@where_options
def reject(where: Where, batch: str, reason: str, by: str, as_json: bool) -> ExitCode:
    """Reject a batch on hold for good: its records stay in raw and are not processed."""
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
        print_lines([Line(f"{batch_id} is {status}. Apply the decision with: runner run")])
    return ExitCode.GATE_OPEN
