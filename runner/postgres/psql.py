"""How to call psql on a profile's database."""

import os
import shutil
from pathlib import Path

from runner.errors import ConfigurationError
from runner.postgres import embedded
from runner.postgres.profiles import Profile


def psql_command(profile: Profile) -> tuple[str, dict[str, str]]:
    """The psql to run, and the environment that tells it where to connect.

    The password goes through the environment, not where other users can read it. The wheel's psql
    is taken, else the one on PATH.

    Raises: ConfigurationError if there is none.
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
        raise ConfigurationError("There is no psql.", "Install PostgreSQL's client programs.")
    return found
