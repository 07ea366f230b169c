"""`runner load`."""

from pathlib import Path

import click

from runner.exit_codes import ExitCode
from runner.options import DIRECTORY, Where, examples, json_option, where_options


@click.command(
    short_help="Load CSV files into landing.",
    epilog=examples(
        "runner load /data/2026-11-20 --dataset shop",
        "runner load /data/2026-11-20 --dataset shop --entity orders",
    ),
)
@click.argument("directory", type=DIRECTORY, metavar="DIR")
@click.option(
    "--dataset", metavar="NAME", help="Dataset they belong to; else the directory's name."
)
@click.option("--entity", multiple=True, metavar="E", help="Only this entity's file; repeatable.")
@json_option
@where_options
def load(
    where: Where, directory: Path, dataset: str | None, entity: tuple[str, ...], as_json: bool
) -> ExitCode:
    """Load the entities' CSV files of DIR into landing; the next run takes them on.

    The file of an entity is called after it: orders.csv. Its first line names the entity's columns,
    in any order. All files are loaded, or none; the same content is loaded once. Wholly blank rows
    are left out and counted.
    """
    from runner.explain import explain_batches
    from runner.project import choose_dataset
    from runner.render import Progress, print_json, print_lines
    from runner.run import load_only

    project = where.project()
    name = choose_dataset(dataset, directory)
    with Progress() as progress:
        batches = load_only(project, where.profile(project), name, directory, entity, progress.tell)
    if as_json:
        print_json(batches)
    else:
        print_lines(explain_batches(batches))
    return ExitCode.GATE_OPEN
