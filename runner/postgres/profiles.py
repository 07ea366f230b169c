"""How to reach the database: profiles.yml of dbt, or the embedded PostgreSQL."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from runner.errors import ConfigurationError
from runner.own_files import make_directory, read_own, write_own
from runner.postgres import embedded as embedded_database
from runner.postgres.embedded import Embedded
from runner.project import Project

EMBEDDED_TARGET = "embedded"
EMBEDDED_HOST_VARIABLE = "TRUSTGATE_EMBEDDED_HOST"
"""Set by the runner, so that a profiles.yml can refer to the socket of the embedded PostgreSQL."""
SSL_NAMES = ("sslmode", "sslcert", "sslkey", "sslrootcert")


@dataclass(frozen=True)
class Profile:
    """One target of dbt's profile, as dbt resolved it.

    Attributes:
        directory: Absolute directory of the profiles.yml it came from.
        target: Name of the target.
        host: Host name, address, or absolute directory of a unix socket.
        port: TCP port, or number of the unix socket.
        password: Never shown: not in repr, not in url unless asked for.
        role: Role to set after connecting, None for the user's own.
        search_path: search_path of the connection, None for the default of the server.
        ssl: The given ones of libpq's sslmode, sslcert, sslkey and sslrootcert.
        connect_timeout: Seconds to wait for a connection.
        threads: Number of statements that dbt runs at the same time.
        is_embedded: Whether it is the project's embedded PostgreSQL.
    """

    directory: Path
    target: str
    host: str
    port: int
    user: str
    database: str
    password: str = field(default="", repr=False)
    role: str | None = None
    search_path: str | None = None
    ssl: dict[str, str] = field(default_factory=dict)
    connect_timeout: int = 10
    threads: int = 4
    is_embedded: bool = False

    @property
    def place(self) -> str:
        """The database as text, such as `trustgate at localhost:5432 as ada`."""
        where = self.host if self.host.startswith("/") else f"{self.host}:{self.port}"
        return f"{self.database} at {where} as {self.user}"

    def url(self, with_password: bool = False) -> str:
        """Connection URL for psql and libpq; without the password unless asked for."""
        secret = f":{quote(self.password, safe='')}" if with_password and self.password else ""
        login = quote(self.user, safe="") + secret
        database = quote(self.database, safe="")
        options = [f"{name}={quote(value, safe='/')}" for name, value in sorted(self.ssl.items())]
        if self.host.startswith("/"):
            options.insert(0, f"host={quote(self.host, safe='/')}")
            address = f"postgresql://{login}@/{database}"
            if self.port != embedded_database.PORT:
                options.append(f"port={self.port}")
        else:
            host = f"[{self.host}]" if ":" in self.host else self.host
            address = f"postgresql://{login}@{host}:{self.port}/{database}"
        return address + (f"?{'&'.join(options)}" if options else "")


def profile_of(
    directory: Path, target: str, threads: int, credentials: Mapping[str, Any]
) -> Profile:
    """The profile with these settings.

    Args:
        directory: Where the profiles.yml is.
        target: The target's name.
        threads: Its threads.
        credentials: Its other settings under dbt's names, None if not given.
    """
    given = {name: value for name, value in credentials.items() if value is not None}
    return Profile(
        directory=directory,
        target=target,
        host=given["host"],
        port=int(given["port"]),
        user=given["user"],
        password=str(given.get("password") or ""),
        database=given["database"],
        role=given.get("role"),
        search_path=given.get("search_path"),
        ssl={name: str(given[name]) for name in SSL_NAMES if given.get(name)},
        connect_timeout=int(given.get("connect_timeout", 10)),
        threads=threads,
        is_embedded=given["host"] == os.environ.get(EMBEDDED_HOST_VARIABLE),
    )


def find_profiles_directory(project: Project, profiles_dir: Path | None) -> Path | None:
    """Directory of the profiles.yml to use, absolute; None for the embedded PostgreSQL.

    Raises: ConfigurationError if the given directory has no profiles.yml.
    """
    named = profiles_dir or (
        Path(os.environ["DBT_PROFILES_DIR"]) if os.environ.get("DBT_PROFILES_DIR") else None
    )
    if named is not None:
        named = named.expanduser().resolve()
        if named == project.home or (named / "profiles.yml").is_file():
            return named
        raise ConfigurationError(
            f"There is no profiles.yml in {named}.",
            "Copy profiles.yml.example there, or do not set --profiles-dir and DBT_PROFILES_DIR.",
        )
    if (project.root / "profiles.yml").is_file():
        return project.root
    for directory in (Path.cwd(), Path.home() / ".dbt"):
        if _has_profile(directory / "profiles.yml", project.profile_name):
            return directory
    return None


def _has_profile(path: Path, name: str) -> bool:
    if not path.is_file():
        return False
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        # Neither the message nor the error before it is shown: they quote lines with a password.
        raise ConfigurationError(
            f"{path} cannot be read: {yaml_problem(error)}", "Fix or remove it."
        ) from None
    return isinstance(content, dict) and name in content


def yaml_problem(error: Exception) -> str:
    """What is wrong with a file of YAML, without a word of its content."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return f"line {mark.line + 1}, column {mark.column + 1} is no valid YAML."
    if isinstance(error, OSError):
        return f"{error.strerror}."
    return "it is no text in UTF-8." if isinstance(error, ValueError) else "it is no valid YAML."


def embedded_profile(project: Project, embedded: Embedded) -> Profile:
    """The profile of the embedded PostgreSQL, the same as in `.trustgate/profiles.yml`."""
    return Profile(
        directory=project.home,
        target=EMBEDDED_TARGET,
        host=str(embedded.socket_directory),
        port=embedded_database.PORT,
        user=embedded_database.USER,
        database=embedded_database.DATABASE,
        is_embedded=True,
    )


def write_embedded_profile(project: Project, embedded: Embedded) -> None:
    """Write `.trustgate/profiles.yml`, so that dbt alone can use the embedded PostgreSQL.

    Raises: OperationalError if it is a link, or belongs to another user than the project.
    """
    profile = embedded_profile(project, embedded)
    # JSON is valid YAML, and quotes any character of a path.
    content = f"""\
# Written by the runner: the embedded PostgreSQL of this project.
{json.dumps(project.profile_name)}:
  target: {profile.target}
  outputs:
    {profile.target}:
      type: postgres
      host: {json.dumps(profile.host)}
      port: {profile.port}
      user: {profile.user}
      password: ""
      dbname: {profile.database}
      schema: public
      threads: {profile.threads}
"""
    path = project.home / "profiles.yml"
    owner = project.root.stat().st_uid
    make_directory(project.home)
    if read_own(path, {owner}) != content.encode():
        write_own(path, content, owner)


def start_embedded(embedded: Embedded) -> None:
    """Start the embedded PostgreSQL if it does not run, with a message on stderr."""
    if not (embedded.data.exists() and embedded.is_running()):
        is_new = not embedded.data.exists()
        print(f"{'Creating' if is_new else 'Starting'} the embedded PostgreSQL …", file=sys.stderr)
        embedded_database.start(embedded)
