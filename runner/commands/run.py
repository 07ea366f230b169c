"""`runner run`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from runner.commands.load_options import LoadOptions, load_options
from runner.commands.options import DIRECTORY, Where, examples, json_option, where_options
from runner.exit_codes import ExitCode

if TYPE_CHECKING:
    from runner.gate.run import Request


@click.command(
    short_help="Load, build, and publish if the gate is open.",
    epilog=examples(
        "runner run --dataset good",
        "runner run --data-dir /data/2026-11-20 --dataset shop",
        "runner run --json > verdict.json",
        "runner run --deep --junit verdict.xml",
    ),
)
@click.option("--dataset", metavar="NAME", help="Dataset to build; default: the name of DIR.")
@click.option("--data-dir", type=DIRECTORY, metavar="DIR", help="Load the files of DIR first.")
@click.option("--select", "-s", multiple=True, metavar="S", help="Selection of dbt nodes.")
@click.option("--deep", is_flag=True, help="Compare and test everything, not only changes.")
@click.option(
    "--full-refresh", is_flag=True, help="Rebuild everything that can be rebuilt from raw."
)
@click.option("--always", is_flag=True, help="Build even if nothing is new.")
@click.option("--junit", type=DIRECTORY, metavar="FILE", help="Write the checks as JUnit XML.")
@load_options
@json_option
@where_options
def run(
    where: Where,
    loading: LoadOptions,
    dataset: str | None,
    data_dir: Path | None,
    select: tuple[str, ...],
    deep: bool,
    full_refresh: bool,
    always: bool,
    junit: Path | None,
    as_json: bool,
) -> ExitCode:
    """Load files, build the pipeline, and publish if the gate is open.

    Builds all models with dbt, evaluates the gate, publishes the marts if it is open, and explains
    why if it is shut. Exit code 0: open. 1: shut, the marts are unchanged.
    """
    from runner.gate.run import Request
    from runner.project import choose_dataset

    if data_dir:
        from runner.loading.pool import prepare_workers

        prepare_workers()
    request = Request(
        dataset=choose_dataset(dataset, data_dir),
        load=loading.request(data_dir) if data_dir else None,
        select=select,
        deep=deep,
        full_refresh=full_refresh,
        always=always,
    )
    return run_and_report(where, request, as_json=as_json, junit=junit)


def run_and_report(
    where: Where, request: "Request", *, as_json: bool = False, junit: Path | None = None
) -> ExitCode:
    """Run, show the progress, and print the verdict.

    Returns: The exit code of the verdict; ERROR if the JUnit file cannot be written.
    """
    from runner.errors import RunnerError
    from runner.gate.run import Watcher
    from runner.gate.run import run as run_pipeline
    from runner.report.error_lines import print_error
    from runner.report.junit import write_junit
    from runner.report.load_lines import explain_batches
    from runner.report.streams import print_json
    from runner.report.terminal import Progress, print_lines
    from runner.report.verdict_lines import explain_verdict

    project = where.project()
    with Progress() as progress:
        watcher = Watcher(progress.notify, progress.on_event, progress.on_load)
        outcome = run_pipeline(project, where.profile(project), request, watcher)
    if as_json:
        print_json(outcome)
    else:
        print_lines(explain_batches(outcome.batches))
        print_lines(explain_verdict(outcome.verdict, project.schema("quality")))
    if junit is not None:
        try:
            write_junit(outcome.verdict, junit)
        except RunnerError as error:
            # The verdict is printed already, and is the only document on stdout.
            return print_error(error, as_json=False)
    return outcome.verdict.exit_code
