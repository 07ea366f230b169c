"""Options that several commands share, and what they stand for."""

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
    """Which project and which database a command is about; nothing is opened yet."""

    project_dir: Path | None
    profiles_dir: Path | None
    target: str | None

    def project(self) -> Project:
        """The dbt project."""
        from runner.project import find_project

        return find_project(self.project_dir)

    def profile(self, project: Project) -> Profile:
        """The connection, with the embedded PostgreSQL started if that is it."""
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
    """`--project-dir`, `--profiles-dir` and `--target`, handed over as `where`."""

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
            help="Target of profiles.yml; else its default.",
        ),
        click.option(
            "--profiles-dir",
            type=DIRECTORY,
            metavar="DIR",
            callback=gather,
            expose_value=False,
            help="Where profiles.yml is; else where dbt looks.",
        ),
        click.option(
            "--project-dir",
            type=DIRECTORY,
            metavar="DIR",
            callback=gather,
            expose_value=False,
            help="Where dbt_project.yml is; else here or above.",
        ),
    ):
        command = option(command)
    return debug_option(command)


def debug_option(command: Command) -> Command:
    """`--debug`; what it does stands in `cli.main`, which looks for it itself."""
    return click.option(
        "--debug", is_flag=True, expose_value=False, help="Show a traceback on errors."
    )(command)


def json_option(command: Command) -> Command:
    """`--json`, handed over as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")(command)


def default_actor() -> str:
    """The user of the operating system."""
    import getpass

    with suppress(KeyError, OSError):
        return getpass.getuser()
    return "unknown"


def actor_option(command: Command) -> Command:
    """`--by`, handed over as `by`."""
    return click.option(
        "--by", metavar="NAME", default=default_actor, help="Who does it; else the user here."
    )(command)


def examples(*lines: str) -> str:
    """An epilog with commands to copy."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
