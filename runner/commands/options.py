"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from runner.postgres.database import Database
    from runner.postgres.profiles import Profile
    from runner.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])
DIRECTORY = click.Path(path_type=Path)


@dataclass(frozen=True)
class Where:
    """The project and database of a command; nothing is opened yet."""

    project_dir: Path | None
    profiles_dir: Path | None
    target: str | None

    def project(self) -> Project:
        """The dbt project."""
        from runner.project import find_project

        return find_project(self.project_dir)

    def profile(self, project: Project) -> Profile:
        """The connection; starts the embedded PostgreSQL if it is that."""
        from runner.dbt.target import load_profile

        return load_profile(project, self.profiles_dir, self.target)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """A connection to the project's database."""
        from runner.postgres.database import connected

        project = self.project()
        with connected(self.profile(project), project) as database:
            yield database


def where_options(command: Command) -> Command:
    """`--project-dir`, `--profiles-dir` and `--target`, passed as `where`."""

    def gather(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        given = context.ensure_object(dict)
        given[parameter.name] = value
        context.params["where"] = Where(
            given.get("project_dir"), given.get("profiles_dir"), given.get("target")
        )
        return value

    for option in (
        click.option(
            "--target",
            metavar="NAME",
            callback=gather,
            expose_value=False,
            help="Target in profiles.yml; default: its own.",
        ),
        click.option(
            "--profiles-dir",
            type=DIRECTORY,
            metavar="DIR",
            callback=gather,
            expose_value=False,
            help="Directory of profiles.yml; default: as dbt.",
        ),
        click.option(
            "--project-dir",
            type=DIRECTORY,
            metavar="DIR",
            callback=gather,
            expose_value=False,
            help="Directory of dbt_project.yml; default: here or above.",
        ),
    ):
        command = option(command)
    return debug_option(command)


def debug_option(command: Command) -> Command:
    """`--debug`, which `cli.main` looks for itself."""
    return click.option(
        "--debug", is_flag=True, expose_value=False, help="Show a traceback on errors."
    )(command)


def json_option(command: Command) -> Command:
    """`--json`, passed as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def default_actor() -> str:
    """Name of the operating system user."""
    import getpass

    with suppress(KeyError, OSError):
        return getpass.getuser()
    return "unknown"


def actor_option(command: Command) -> Command:
    """`--by`, passed as `by`; a name that nobody may have is refused before anything is done."""

    def check(context: click.Context, _: click.Parameter, value: str) -> str:
        from runner.workflow.exceptions.actor import checked_actor

        return value if context.resilient_parsing else checked_actor(value)

    return click.option(
        "--by",
        metavar="NAME",
        default=default_actor,
        callback=check,
        help="Your name; default: the user of this system.",
    )(command)


def examples(*lines: str) -> str:
    """An epilog with example commands."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
