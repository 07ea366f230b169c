"""`runner reprocess`."""

from pathlib import Path

import click

from runner.commands.options import (
    DIRECTORY,
    Where,
    actor_option,
    examples,
    json_option,
    where_options,
)
from runner.exit_codes import ExitCode


@click.command(
    short_help="Evaluate records again, from raw.",
    epilog=examples(
        "runner reprocess --keys P-1013,P-1014 --reason 'order loaded'",
        "runner reprocess --keys-file keys.txt --entity payments",
        "runner reprocess --failed --plan",
        "runner reprocess --stale-rules",
        "runner reprocess --altered",
        "runner reprocess --all",
    ),
)
@click.option("--keys", metavar="K,K", help="Keys of records, separated by commas.")
@click.option(
    "--keys-file", type=DIRECTORY, metavar="FILE", help="File with keys of records, one per line."
)
@click.option(
    "--exception",
    "exceptions",
    multiple=True,
    metavar="ID",
    help="The record of an exception; repeatable.",
)
@click.option(
    "--batch", "batches", multiple=True, metavar="B", help="All records of a batch; repeatable."
)
@click.option("--failed", is_flag=True, help="All records that fail or warn.")
@click.option("--stale-rules", is_flag=True, help="All records evaluated with other rules.")
@click.option("--altered", is_flag=True, help="Restore every layer that was altered from outside.")
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="L",
    help="Restore this layer, such as base_payments; repeatable.",
)
@click.option("--due", is_flag=True, help="Records with due attempts or waiting corrections.")
@click.option("--all", "everything", is_flag=True, help="Rebuild everything from raw.")
@click.option("--entity", metavar="E", help="Only records of this entity.")
@click.option("--select", "-s", multiple=True, metavar="S", help="Selection of dbt nodes.")
@click.option("--dataset", metavar="NAME", help="Dataset of the records; default: the active one.")
@click.option("--plan", is_flag=True, help="Show what would be evaluated, and do nothing.")
@click.option("--reason", default="", metavar="R", help="Reason of the request.")
@actor_option
@json_option
@where_options
def reprocess(
    where: Where,
    keys: str | None,
    keys_file: Path | None,
    exceptions: tuple[str, ...],
    batches: tuple[str, ...],
    failed: bool,
    stale_rules: bool,
    altered: bool,
    layers: tuple[str, ...],
    due: bool,
    everything: bool,
    entity: str | None,
    select: tuple[str, ...],
    dataset: str | None,
    plan: bool,
    reason: str,
    by: str,
    as_json: bool,
) -> ExitCode:
    """Evaluate records again, from raw, with the current rules and corrections.

    Only what depends on them is rebuilt: their versions, records that share a value with them, and
    the rows of candidates and marts they contribute to. Where a selected record was altered from
    outside, the layers of its entity are restored: raw from what its trigger kept, each other layer
    from the one before. The verdict and the exit code are those of
    `runner run`.
    """
    from runner.commands.run import run_and_report
    from runner.dbt.declarations import entity_models
    from runner.dbt.invocation import Dbt
    from runner.errors import ConfigurationError
    from runner.gate.run import Request
    from runner.postgres.database import connected
    from runner.project import choose_dataset
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.report.work_lines import explain_plan
    from runner.workflow.reprocess import Selection, plan_requests, read_keys, write_requests

    project = where.project()
    profile = where.profile(project)
    active = choose_dataset(dataset, None)
    listed = tuple(key.strip() for key in (keys or "").split(",") if key.strip())
    selection = Selection(
        keys=listed + (read_keys(keys_file) if keys_file else ()),
        batches=batches,
        exceptions=exceptions,
        scopes=(("failed",) if failed else ()) + (("stale_rules",) if stale_rules else ()),
        layers=layers,
        altered=altered or everything,
        entity=entity,
    )
    is_selective = bool(
        selection.keys or batches or exceptions or selection.scopes or layers or altered
    )
    if not (is_selective or due or everything):
        raise ConfigurationError(
            "No records are selected.",
            "Give --keys, --keys-file, --exception, --batch, --failed, --stale-rules, --altered, "
            "--layer, --due or --all.",
        )
    with connected(profile, project) as database:
        entities = entity_models(Dbt(project, profile, active).models())
        requests = plan_requests(database, entities, active, selection)
        if plan:
            if as_json:
                print_json(requests)
            else:
                print_lines(explain_plan(requests, due=due, everything=everything))
            return ExitCode.GATE_OPEN
    return run_and_report(
        where,
        Request(
            dataset=active,
            select=select,
            full_refresh=everything,
            prepare=lambda database: write_requests(database, active, requests, reason, by),
        ),
        as_json=as_json,
    )
