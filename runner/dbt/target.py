"""The target of profiles.yml that dbt would use, or the embedded PostgreSQL without one."""

import gc
import os
from argparse import Namespace
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
)
from runner.project import Project


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
        raise ConfigurationError(
            f"{directory / 'profiles.yml'} cannot be used: {clean_message(str(error))}",
            "Compare it with profiles.yml.example.",
        ) from error
    if found.credentials.type != "postgres":
        raise ConfigurationError(
            f"Target {found.target_name} is for {found.credentials.type}, not for Postgres.",
            "Choose another one with --target.",
        )
    credentials: dict[str, Any] = found.credentials.to_dict(omit_none=True)
    return profile_of(directory, found.target_name, found.threads, credentials)
