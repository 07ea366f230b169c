"""`runner lineage`."""

import click

from runner.commands.options import Where, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.command(
    short_help="Show the lineage of one record.",
    epilog=examples(
        "runner lineage payments P-1013",
        "runner lineage payments P-1013 --dataset shop --json",
        "runner lineage orders c8c6471f-f870-9508-0000-000000000132",
    ),
)
@click.argument("entity")
@click.argument("key")
@click.option("--dataset", metavar="D", help="Dataset of the record; default: the active one.")
@json_option
@where_options
def lineage(where: Where, entity: str, key: str, dataset: str | None, as_json: bool) -> ExitCode:
    """Show the lineage of one record: received, evaluated, corrected, promoted, published.

    KEY is the business key; or the record id, for a record without a key; or BATCH:ROW, for a line
    that was rejected at load.
    """
    from runner.project import choose_dataset
    from runner.report.lineage_lines import explain_lineage
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.lineage import read_lineage

    with where.database() as database:
        found = read_lineage(database, choose_dataset(dataset, None), entity, key)
    if as_json:
        print_json(found)
    else:
        print_lines(explain_lineage(found))
    return ExitCode.GATE_OPEN
