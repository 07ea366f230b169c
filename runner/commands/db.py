"""`runner db`: the embedded PostgreSQL, and psql on the configured database."""

import os
import shlex

import click

from runner.commands.options import Where, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.group(
    short_help="Start, stop and connect to the database.",
    epilog=examples(
        "runner db start",
        'runner db psql -c "select * from quality.gate"',
        'psql "$(runner db url)"',
    ),
)
def db() -> None:
    """Start and stop the embedded PostgreSQL, and connect to the database.

    The embedded PostgreSQL stores its data in .trustgate/ of the project, listens only on a unix
    socket, and runs until `runner db stop`.
    """


@db.command(short_help="Start the embedded PostgreSQL.")
@json_option
@where_options
def start(where: Where, as_json: bool) -> ExitCode:
    """Start the embedded PostgreSQL, and print the setting with which dbt alone connects to it."""
    from runner.postgres.embedded import embedded_of
    from runner.postgres.profiles import start_embedded, write_embedded_profile
    from runner.report.lines import Line
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines

    project = where.project()
    embedded = embedded_of(project)
    start_embedded(embedded)
    write_embedded_profile(project, embedded)
    if as_json:
        print_json({"url": embedded.url, "profiles_dir": project.home})
        return ExitCode.GATE_OPEN
    home = shlex.quote(str(project.home))
    print_lines(
        [
            Line("The embedded PostgreSQL is running.", "good"),
            Line(embedded.url, "faint", 2, is_verbatim=True),
            Line("For dbt without the runner:"),
            Line(f"export DBT_PROFILES_DIR={home}", "faint", 2, is_verbatim=True),
        ]
    )
    return ExitCode.GATE_OPEN


@db.command()
@where_options
def stop(where: Where) -> ExitCode:
    """Stop the embedded PostgreSQL; its data is kept."""
    from runner.postgres import embedded
    from runner.report.lines import Line
    from runner.report.terminal import print_lines

    stopped = embedded.stop(embedded.embedded_of(where.project()))
    message = "The embedded PostgreSQL is stopped." if stopped else "It was not running."
    print_lines([Line(message)])
    return ExitCode.GATE_OPEN


@db.command()
@json_option
@where_options
def status(where: Where, as_json: bool) -> ExitCode:
    """Show whether the embedded PostgreSQL runs, and its paths."""
    from runner.postgres.embedded import embedded_of, left_over
    from runner.report.lines import Line
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines

    embedded = embedded_of(where.project())
    without_data = left_over(embedded)
    running = without_data is not None or embedded.is_running()
    if as_json:
        print_json(
            {
                "running": running,
                "process_id": (without_data or embedded.process_id()) if running else None,
                "has_data": embedded.data.exists(),
                "data": embedded.data,
                "socket_directory": embedded.socket_directory,
                "log": embedded.log,
                "url": embedded.url,
            }
        )
        return ExitCode.GATE_OPEN
    state = "stopped" if embedded.data.exists() else "not created yet"
    if running:
        state = "running"
    if without_data is not None:
        state = f"running (process {without_data}), but its data was removed: `runner db stop`"
    print_lines(
        [
            Line(f"The embedded PostgreSQL is {state}."),
            Line(f"data    {embedded.data}", indent=2, is_verbatim=True),
            Line(f"log     {embedded.log}", indent=2, is_verbatim=True),
            Line(f"url     {embedded.url}", indent=2, is_verbatim=True),
        ]
    )
    return ExitCode.GATE_OPEN


@db.command(
    short_help="Open psql on the configured database.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog=examples("runner db psql", 'runner db psql -c "select * from quality.gate"'),
)
@where_options
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(where: Where, arguments: tuple[str, ...]) -> ExitCode:
    """Open psql on the configured database; ARGUMENTS are passed to psql."""
    from runner.postgres.psql import psql_command

    project = where.project()
    program, environment = psql_command(where.profile(project))
    os.execvpe(program, [program, *arguments], environment)


@db.command()
@click.option("--with-password", is_flag=True, help="Include the password in clear text.")
@where_options
def url(where: Where, with_password: bool) -> ExitCode:
    """Print the connection URL of the configured database."""
    click.echo(where.profile(where.project()).url(with_password))
    return ExitCode.GATE_OPEN


@db.command(
    short_help="Print SQL for the roles owner, operator and viewer.",
    epilog=examples(
        "runner db grants                  print the statements",
        "runner db grants --execute        run them; again whenever you like",
    ),
)
@click.option(
    "--owner", default="trustgate_owner", metavar="ROLE", help="Role that runs and loads."
)
@click.option(
    "--operator", default="trustgate_operator", metavar="ROLE", help="Role that works exceptions."
)
@click.option("--viewer", default="trustgate_viewer", metavar="ROLE", help="Role that reads.")
@click.option("--execute", is_flag=True, help="Run the statements, in one transaction.")
@where_options
def grants(where: Where, owner: str, operator: str, viewer: str, execute: bool) -> ExitCode:
    """Print SQL that creates three roles with exactly the rights they need, or run it.

    The owner runs and loads, and gets the schemas and all that is in them. The operator writes the
    tables of users: exceptions, suppressions, corrections, requests, decisions on batches. The
    viewer reads. Run it as a user who may create roles, after the first run.
    """
    from runner.errors import ConfigurationError
    from runner.postgres.rights import Roles, apply_grants, grant_statements
    from runner.report.lines import Line
    from runner.report.terminal import print_lines

    if len({owner, operator, viewer}) < 3 or not all((owner, operator, viewer)):
        raise ConfigurationError("--owner, --operator and --viewer must be three different roles.")
    with where.database() as database:
        statements = grant_statements(database, Roles(owner, operator, viewer))
        if execute:
            apply_grants(database, statements)
        else:
            for statement in statements:
                click.echo(f"{statement.as_string(database.connection).strip()};")
    if execute:
        print_lines(
            [Line(f"The roles {owner}, {operator} and {viewer} have their rights.", "good")]
        )
    return ExitCode.GATE_OPEN
