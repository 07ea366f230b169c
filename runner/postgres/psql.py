"""psql for the database of a profile."""

import os
import shutil
from pathlib import Path

from runner.errors import ConfigurationError
from runner.postgres import embedded
from runner.postgres.profiles import Profile


def psql_command(profile: Profile) -> tuple[str, dict[str, str]]:
    """The psql to run, and the environment with its connection.

    The password is passed in the environment, where other users cannot read it. psql is that of the
    wheel, else the one on PATH.

    Raises: ConfigurationError if there is no psql.
    """
    connection = {
        "PGHOST": profile.host,
        "PGPORT": str(profile.port),
        "PGUSER": profile.user,
        "PGDATABASE": profile.database,
        "PGPASSWORD": profile.password,
        **{f"PG{name.upper()}": value for name, value in profile.ssl.items()},
    }
    if profile.role:
        connection["PGOPTIONS"] = f"-c role={profile.role}"
    environment = {**os.environ, **{name: value for name, value in connection.items() if value}}
    return _find_psql(), environment


def _find_psql() -> str:
    try:
        bundled = embedded.binary("psql")
    except ConfigurationError:
        bundled = Path()
    found = str(bundled) if bundled.is_file() else shutil.which("psql")
    if found is None:
        raise ConfigurationError(
            "psql is not installed.", "Install the client programs of PostgreSQL."
        )
    return found
