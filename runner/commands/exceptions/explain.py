"""`runner exceptions explain`."""

import click

from runner.commands.options import Where, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.command(
    short_help="Say what failing records have in common.",
    epilog=examples(
        "runner exceptions explain",
        "runner exceptions explain --dataset shop --entity payments",
        "runner exceptions explain --check payment_amount_parses --json",
    ),
)
@click.option("--check", metavar="C", help="Only exceptions of this check.")
@click.option("--entity", metavar="E", help="Only exceptions of this entity.")
@click.option("--dataset", metavar="D", help="Dataset they belong to; else the active one.")
@json_option
@where_options
def explain(
    where: Where, check: str | None, entity: str | None, dataset: str | None, as_json: bool
) -> ExitCode:
    """Say what failing records have in common against the others, and what to do next.

    Open exceptions are grouped by likely cause: the batch, file, worker, day or any other value of
    few that stands out among them. Nothing is named where it could be chance. Each type of
    exception comes with the next command.
    """
    from runner.project import choose_dataset
    from runner.report.cause_lines import explain_causes
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.causes.search import explain_exceptions

    with where.database() as database:
        explanation = explain_exceptions(database, choose_dataset(dataset, None), check, entity)
    if as_json:
        print_json(explanation)
    else:
        print_lines(explain_causes(explanation))
    return ExitCode.GATE_OPEN
