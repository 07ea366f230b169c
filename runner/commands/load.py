"""`runner load`."""

from __future__ import annotations

from pathlib import Path

import click

from runner.commands.load_options import LoadOptions, load_options
from runner.commands.options import DIRECTORY, Where, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.command(
    short_help="Load files into landing.",
    epilog=examples(
        "runner load /data/2026-11-20 --dataset shop",
        "runner load /data/2026-11-20 --dataset shop --entity orders --workers 4",
    ),
)
@click.argument("directory", type=DIRECTORY, metavar="DIR")
@click.option("--dataset", metavar="NAME", help="Dataset of the files; default: the name of DIR.")
@click.option("--entity", multiple=True, metavar="E", help="Only files of this entity; repeatable.")
@load_options
@json_option
@where_options
def load(
    where: Where,
    loading: LoadOptions,
    directory: Path,
    dataset: str | None,
    entity: tuple[str, ...],
    as_json: bool,
) -> ExitCode:
    """Load the files of DIR into landing; the next run processes them.

    The name of a file starts with its entity: orders.csv, orders-2026-11-20.csv.gz,
    orders/part-1.parquet. Either all files are loaded or none; what the last load had is
    skipped. Records that cannot be read are rejected with a reason. A file whose control totals do
    not match becomes a batch on hold. Exit code 0: all loaded. 1: all loaded, and a batch is on
    hold.
    """
    from runner.gate.run import load_only
    from runner.loading.pool import prepare_workers
    from runner.loading.progress import Watcher
    from runner.project import choose_dataset
    from runner.report.load_lines import explain_batches
    from runner.report.streams import print_json
    from runner.report.terminal import Progress, print_lines

    prepare_workers()
    project = where.project()
    name = choose_dataset(dataset, directory)
    with Progress() as progress:
        batches = load_only(
            project,
            where.profile(project),
            name,
            loading.request(directory, entity),
            Watcher(progress.notify, progress.on_load),
        )
    if as_json:
        print_json(batches)
    else:
        print_lines(explain_batches(batches))
    is_held = any(batch.status == "HELD" and not batch.is_repeated for batch in batches)
    return ExitCode.GATE_SHUT if is_held else ExitCode.GATE_OPEN
