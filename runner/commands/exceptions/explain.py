"""`runner exceptions explain`."""

import click

from runner.commands.options import Where, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.command(
    short_help="Find likely causes of failing records.",
    epilog=examples(
        "runner exceptions explain",
        "runner exceptions explain --dataset shop --entity payments",
        "runner exceptions explain --check payment_amount_parses --json",
    ),
)
@click.option("--check", metavar="C", help="Only exceptions of this check.")
@click.option("--entity", metavar="E", help="Only exceptions of this entity.")
@click.option("--dataset", metavar="D", help="Dataset; default: the active one.")
@json_option
@where_options
def explain(
    where: Where, check: str | None, entity: str | None, dataset: str | None, as_json: bool
) -> ExitCode:
    """Find likely causes of failing records, and show the next command.

    Groups open exceptions by likely cause: a batch, file, worker, day or other value that is
    significantly more frequent among failing records than among the others. Causes that could be
    chance are not shown.
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
