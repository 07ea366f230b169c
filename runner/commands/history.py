"""`runner history` and `runner show`."""

import click

from runner.commands.options import Where, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.command(epilog=examples("runner history --limit 50", "runner history --dataset shop --json"))
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    metavar="N",
    help="Maximum number of runs.",
)
@click.option("--dataset", metavar="NAME", help="Only runs of this dataset.")
@json_option
@where_options
def history(where: Where, limit: int, dataset: str | None, as_json: bool) -> ExitCode:
    """List runs, newest first."""
    from runner.gate.history import recent_runs
    from runner.report.history_lines import run_columns
    from runner.report.lines import Line
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines, print_table

    with where.database() as database:
        runs = recent_runs(database, limit, dataset)
    if as_json:
        print_json(runs)
    elif not runs:
        print_lines([Line("There is no run yet. Start one with: runner run")])
    else:
        rows = [run_columns(run) for run in runs]
        print_table(list(rows[0]), [list(row.values()) for row in rows])
    return ExitCode.GATE_OPEN


@click.command(epilog=examples("runner show 3f2a91c0", "runner show 3f2a91c0 --json"))
@click.argument("run_id")
@json_option
@where_options
def show(where: Where, run_id: str, as_json: bool) -> ExitCode:
    """Show everything recorded about one run.

    RUN_ID is a run id, or its first characters.
    """
    from runner.gate.history import report_run
    from runner.report.history_lines import explain_run
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines

    with where.database() as database:
        report = report_run(database, run_id)
    if as_json:
        print_json(report.as_json())
    else:
        print_lines(explain_run(report))
    return ExitCode.GATE_OPEN
