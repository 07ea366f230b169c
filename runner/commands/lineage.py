"""`runner lineage`."""

import click

from runner.commands.options import Where, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.command(
    short_help="Tell a record's whole story.",
    epilog=examples(
        "runner lineage payments P-1013",
        "runner lineage payments P-1013 --dataset shop --json",
        "runner lineage orders c8c6471f-f870-9508-0000-000000000132",
    ),
)
@click.argument("entity")
@click.argument("key")
@click.option("--dataset", metavar="D", help="Dataset it belongs to; else the active one.")
@json_option
@where_options
def lineage(where: Where, entity: str, key: str, dataset: str | None, as_json: bool) -> ExitCode:
    """Tell the whole story of a record: received, judged, corrected, promoted, counted.

    KEY is the business key, or a record id, by which a record without a key is found; for a line
    that was rejected at load, its batch and row number: BATCH:ROW.
    """
    from runner.project import choose_dataset
    from runner.report.lineage_lines import explain_lineage
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.lineage import tell_lineage

    with where.database() as database:
        story = tell_lineage(database, choose_dataset(dataset, None), entity, key)
    if as_json:
        print_json(story)
    else:
        print_lines(explain_lineage(story))
    return ExitCode.GATE_OPEN
