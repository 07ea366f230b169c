"""The target of profiles.yml that dbt would use, or the embedded PostgreSQL without one."""

import gc
import os
import re
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runner.dbt.invocation import GARBAGE_THRESHOLDS
from runner.dbt.messages import clean_message
from runner.errors import ConfigurationError
from runner.postgres.embedded import embedded_of
from runner.postgres.plain_profiles import read_plain_profile
from runner.postgres.profiles import (
    EMBEDDED_HOST_VARIABLE,
    EMBEDDED_TARGET,
    Profile,
    embedded_profile,
    find_profiles_directory,
    profile_of,
    start_embedded,
    write_embedded_profile,
    yaml_problem,
)
from runner.project import Project

SECRET_SETTINGS = ("password", "pass")


def load_profile(
    project: Project, profiles_dir: Path | None = None, target: str | None = None
) -> Profile:
    """The connection that dbt would use; starts the embedded PostgreSQL if it is that.

    profiles.yml is searched in `profiles_dir`, in DBT_PROFILES_DIR, in the project, in the current
    directory and in ~/.dbt; in the last two, a file without the profile of this project is skipped.
    Without a profiles.yml the embedded PostgreSQL is used.

    Args:
        profiles_dir: Value of --profiles-dir.
        target: Value of --target; else DBT_TARGET, else the profile's default.
    Raises: ConfigurationError if the profile is not usable; OperationalError if the embedded
        PostgreSQL does not start.
    """
    embedded = embedded_of(project)
    os.environ[EMBEDDED_HOST_VARIABLE] = str(embedded.socket_directory)
    target = target or os.environ.get("DBT_TARGET") or None
    directory = find_profiles_directory(project, profiles_dir)
    if directory is None or directory == project.home:
        if target not in (None, EMBEDDED_TARGET):
            raise ConfigurationError(
                f"There is no profiles.yml with a target {target}.",
                "Copy profiles.yml.example to profiles.yml and fill in your server.",
            )
        write_embedded_profile(project, embedded)
        profile = embedded_profile(project, embedded)
    else:
        # Importing dbt takes more than a second, so dbt reads only what is not plain.
        name = project.profile_name
        profile = read_plain_profile(directory, name, target) or read_profile(
            directory, name, target
        )
    if profile.is_embedded:
        start_embedded(embedded)
    return profile


def read_profile(directory: Path, name: str, target: str | None) -> Profile:
    """A target of profiles.yml as dbt resolves it, environment variables included.

    Args:
        directory: Where the profiles.yml is.
        name: The profile's name.
        target: Target to take, None for the profile's default.
    Raises: ConfigurationError if dbt cannot read it, or it is not for Postgres.
    """
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    from dbt.config.profile import Profile as DbtProfile
    from dbt.config.profile import read_profile as read_raw_profile
    from dbt.config.renderer import ProfileRenderer
    from dbt.flags import set_from_args
    from dbt_common.context import set_invocation_context
    from dbt_common.events.event_manager_client import cleanup_event_logger

    cleanup_event_logger()
    set_invocation_context(os.environ)
    set_from_args(Namespace(PROFILES_DIR=str(directory)), None)
    try:
        raw = read_raw_profile(str(directory))
        found = DbtProfile.from_raw_profiles(raw, name, ProfileRenderer({}), target)
    # dbt raises errors of many classes for unexpected content.
    except Exception as error:
        # Not the error before it: dbt quotes the lines around a mistake, the password among them.
        raise ConfigurationError(
            f"{directory / 'profiles.yml'} cannot be used: {_without_secrets(directory, error)}",
            "Compare it with profiles.yml.example.",
        ) from None
    if found.credentials.type != "postgres":
        raise ConfigurationError(
            f"Target {found.target_name} is for {found.credentials.type}, not for Postgres.",
            "Choose another one with --target.",
        )
    credentials: dict[str, Any] = found.credentials.to_dict(omit_none=True)
    return profile_of(directory, found.target_name, found.threads, credentials)


def _without_secrets(directory: Path, error: Exception) -> str:
    """The message of dbt about a profiles.yml, without values of passwords in it."""
    import yaml

    try:
        content = yaml.safe_load((directory / "profiles.yml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as problem:
        return yaml_problem(problem)
    message = clean_message(str(error))
    for secret in sorted(_secrets_in(content), key=len, reverse=True):
        message = message.replace(secret, "***").replace(repr(secret)[1:-1], "***")
    return message


def _secrets_in(content: Any) -> Iterator[str]:
    """Values of passwords: as they are written, and from the environment variables they name."""
    if isinstance(content, list):
        for item in content:
            yield from _secrets_in(item)
    for key, value in content.items() if isinstance(content, dict) else ():
        if key not in SECRET_SETTINGS:
            yield from _secrets_in(value)
        elif value not in (None, ""):
            yield str(value)
            for name in re.findall(r"\w+", str(value)):
                if os.environ.get(name):
                    yield os.environ[name]
