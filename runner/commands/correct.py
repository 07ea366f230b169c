"""`runner correct`: corrections of received values."""

import click

from runner.commands.options import Where, actor_option, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.command(
    short_help="Correct a value of a record.",
    epilog=examples(
        "runner correct payments P-1013 amount=12.50 --reason 'typing error, see T-42'",
        "runner correct orders O-7 status= --reason unknown        set NULL",
        "runner correct payments P-1013 amount=12.50 --reason T-42 --reprocess",
        "runner correct list",
        "runner correct revert 3f2a91c0",
    ),
)
@click.argument("given", nargs=-1, required=True, metavar="ENTITY KEY FIELD=VALUE...")
@click.option("--reason", default="", metavar="R", help="Reason; required for a correction.")
@click.option("--dataset", metavar="NAME", help="Dataset of the record; default: the active one.")
@click.option("--reprocess", "is_reprocessed", is_flag=True, help="Run the pipeline at once.")
@actor_option
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, metavar="N", help="Maximum number for list."
)
@json_option
@where_options
def correct(
    where: Where,
    given: tuple[str, ...],
    reason: str,
    dataset: str | None,
    is_reprocessed: bool,
    by: str,
    limit: int,
    as_json: bool,
) -> ExitCode:
    """Correct a value of a record; `revert ID` reverts a correction, `list` lists them.

    A correction applies to the current version of the record: a later version from the source
    replaces it. The next run applies it; raw does not change.
    """
    from runner.commands.run import run_and_report
    from runner.dbt.declarations import chosen_entity, entity_models
    from runner.dbt.invocation import Dbt
    from runner.errors import ConfigurationError
    from runner.gate.run import Request
    from runner.postgres.database import connected
    from runner.project import choose_dataset
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.report.work_lines import explain_corrections, explain_list
    from runner.workflow import corrections

    active = choose_dataset(dataset, None)
    project = where.project()
    profile = where.profile(project)
    with connected(profile, project) as database:
        if given == ("list",):
            entities = entity_models(Dbt(project, profile, active).models())
            found = corrections.list_corrections(database, entities, active, limit)
            if as_json:
                print_json(found)
            else:
                print_lines(explain_list(found))
            return ExitCode.GATE_OPEN
        if given[0] == "revert":
            if len(given) != 2:
                raise ConfigurationError("No correction is given.", "Use: runner correct revert ID")
            made = [corrections.revert(database, given[1], by)]
        else:
            if len(given) < 3:
                raise ConfigurationError(
                    "A correction needs an entity, a key and at least one FIELD=VALUE."
                )
            entities = entity_models(Dbt(project, profile, active).models())
            made = corrections.correct(
                database, chosen_entity(entities, given[0]), active, given[1],
                _values(given[2:]), reason, by,
            )  # fmt: skip
    if is_reprocessed:
        return run_and_report(where, Request(dataset=active), as_json=as_json)
    if as_json:
        print_json(made)
    else:
        print_lines(explain_corrections(made, is_reverted=given[0] == "revert"))
    return ExitCode.GATE_OPEN


def _values(assignments: tuple[str, ...]) -> dict[str, str | None]:
    from runner.errors import ConfigurationError

    values: dict[str, str | None] = {}
    for assignment in assignments:
        field, sign, value = assignment.partition("=")
        if not sign or not field:
            raise ConfigurationError(f"{assignment} is not FIELD=VALUE.")
        if field in values:
            raise ConfigurationError(f"{field} is given twice.")
        values[field] = value or None
    return values
