"""`runner new-entity`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from runner.commands.options import DIRECTORY, Where, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.command(
    "new-entity",
    short_help="Write the files of a new entity from a sample file.",
    epilog=examples(
        "runner new-entity refunds --from incoming/refunds.csv --key refund_id",
        "runner new-entity refunds --from incoming/refunds.csv --key refund_id \\",
        "    --version updated_at --parent payments --yes",
        "runner new-entity stock --from stock.txt --key item --format 'delimiter: \";\"'",
    ),
)
@click.argument("name")
@click.option(
    "--from", "path", type=DIRECTORY, required=True, metavar="FILE", help="File with records."
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    required=True,
    metavar="K",
    help="Column that identifies a record; repeatable.",
)
@click.option("--version", metavar="V", help="Column that orders the versions of a record.")
@click.option(
    "--parent",
    "parents",
    multiple=True,
    metavar="ENTITY",
    help="Entity that records belong to, by a column with the name of its key; repeatable.",
)
@click.option(
    "--format",
    "declared",
    metavar="YAML|@FILE",
    help="Format of the files, if their names are not enough; see docs/loading.md.",
)
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@json_option
@where_options
def new_entity(
    where: Where,
    name: str,
    path: Path,
    keys: tuple[str, ...],
    version: str | None,
    parents: tuple[str, ...],
    declared: str | None,
    yes: bool,
    as_json: bool,
) -> ExitCode:
    """Write the files of a new entity NAME, with types and rules from the records of FILE.

    Reads the first records like a load, and their values like base. Shows the files and the change
    of dbt_project.yml as a diff, and writes them after confirmation. Nothing is overwritten: an
    existing file or entity is exit code 2.
    """
    from runner.dbt import packages as deps
    from runner.dbt.invocation import Dbt
    from runner.postgres.database import connected
    from runner.project import DEFAULT_DATASET
    from runner.report.lines import Line
    from runner.report.new_entity_lines import explain_proposal, explain_written
    from runner.report.streams import print_json
    from runner.report.terminal import Progress, print_lines
    from runner.scaffolding.proposal import Request, propose, write

    project = where.project()
    profile = where.profile(project)
    request = Request(name, path, keys, version, parents, _format(declared))
    with Progress() as progress:
        deps.ensure(project, progress.notify)
        with connected(profile, project) as database:
            dbt = Dbt(project, profile, DEFAULT_DATASET)
            proposal = propose(project, database, dbt, request)
    if not as_json:
        print_lines(explain_proposal(proposal))
    is_written = yes or (not as_json and _agrees())
    if is_written:
        write(project, proposal)
    if as_json:
        print_json(_as_json(proposal, is_written))
    elif is_written:
        print_lines(explain_written(proposal))
    else:
        why = "" if sys.stdin.isatty() else ": there is no terminal to confirm on. Use --yes"
        print_lines([Line(f"Nothing was written{why}.")])
    return ExitCode.GATE_OPEN


def _agrees() -> bool:
    """Ask for confirmation; False without a terminal."""
    return sys.stdin.isatty() and click.confirm("Write this?", err=True)


def _format(declared: str | None) -> dict[str, Any]:
    """`--format` as a mapping.

    Raises: BadParameter for any other form.
    """
    import yaml

    if declared is None:
        return {}
    text = declared.strip()
    try:
        found = yaml.safe_load(Path(text[1:]).read_text() if text.startswith("@") else text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise click.BadParameter(f"it cannot be read: {reason}", param_hint="'--format'") from error
    if not isinstance(found, dict):
        raise click.BadParameter(
            f"{declared!r} is not a mapping: give YAML such as 'delimiter: \";\"', or @FILE.",
            param_hint="'--format'",
        )
    return found


def _as_json(proposal: Any, is_written: bool) -> dict[str, Any]:
    return {
        "entity": proposal.entity.name,
        "records": len(proposal.sample.records),
        "columns": [
            {
                "name": column.name,
                "type": column.type,
                "empty": column.values.blank,
                "unreadable": column.unreadable,
            }
            for column in proposal.entity.columns
        ],
        "rules": [rule.id for rule in proposal.entity.rules if not rule.is_proposed],
        "files": proposal.files,
        "diff": proposal.diff,
        "lines_to_add": proposal.to_add,
        "notes": proposal.notes,
        "is_written": is_written,
    }
