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
    "--from", "path", type=DIRECTORY, required=True, metavar="FILE", help="A file with records."
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    required=True,
    metavar="K",
    help="Column that identifies a record; repeatable.",
)
@click.option("--version", metavar="V", help="Column by which a key's latest version is found.")
@click.option(
    "--parent",
    "parents",
    multiple=True,
    metavar="ENTITY",
    help="Entity that records belong to, by a column called as its key; repeatable.",
)
@click.option(
    "--format",
    "declared",
    metavar="YAML|@FILE",
    help="How files are written, where their names do not say it; see docs/loading.md.",
)
@click.option("--yes", is_flag=True, help="Write without asking.")
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
    """Write the files of a new entity NAME: types and rules that the records of FILE suggest.

    The first records are read as a load reads them, and their values as base would. The files and
    the change of dbt_project.yml are shown as a diff, and written after a yes. Nothing is ever
    overwritten: a file or an entity that is there already is exit code 2.
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
        deps.ensure(project, progress.tell)
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
        how = "" if sys.stdin.isatty() else ": nobody can be asked here; --yes writes without"
        print_lines([Line(f"Nothing was written{how}.")])
    return ExitCode.GATE_OPEN


def _agrees() -> bool:
    """Ask whether to write; no where nobody can be asked."""
    return sys.stdin.isatty() and click.confirm("Write this?", err=True)


def _format(declared: str | None) -> dict[str, Any]:
    """`--format` as a mapping.

    Raises: BadParameter for what is none.
    """
    import yaml

    if declared is None:
        return {}
    text = declared.strip()
    try:
        found = yaml.safe_load(Path(text[1:]).read_text() if text.startswith("@") else text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        words = " ".join(str(error).split())
        raise click.BadParameter(f"it cannot be read: {words}", param_hint="'--format'") from error
    if not isinstance(found, dict):
        raise click.BadParameter(
            f"{declared!r} is no mapping: give YAML such as 'delimiter: \";\"', or @FILE.",
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
