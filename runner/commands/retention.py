"""`runner retention`: the records of old runs."""

from __future__ import annotations

import click

from runner.commands.options import Where, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.command(
    epilog=examples(
        "runner retention --older-than 90d --keep-runs 100",
        "runner retention --older-than 90d --keep-runs 100 --yes",
    )
)
@click.option("--older-than", metavar="AGE", help="Remove only runs that are older, such as 90d.")
@click.option(
    "--keep-runs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Keep the newest N runs of each dataset.",
)
@click.option("--yes", "is_done", is_flag=True, help="Remove them; without it they are counted.")
@json_option
@where_options
def retention(
    where: Where, older_than: str | None, keep_runs: int | None, is_done: bool, as_json: bool
) -> ExitCode:
    """Remove the records of old runs.

    Their steps, tests and figures go with them. A run is removed if it exceeds every limit given.
    The last run of each dataset is kept. Records, results, scores, exceptions and their events are
    never removed.
    """
    from runner.report.history_lines import explain_removal
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.exceptions.filters import parse_duration
    from runner.workflow.retention import remove_old_runs

    age = parse_duration(older_than) if older_than is not None else None
    with where.database() as database:
        removal = remove_old_runs(database, age, keep_runs, is_done)
    if as_json:
        print_json(removal)
    else:
        print_lines(explain_removal(removal))
    return ExitCode.GATE_OPEN
