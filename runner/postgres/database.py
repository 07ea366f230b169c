"""Connections to PostgreSQL, and relation names in the project's namespace."""

from __future__ import annotations

import contextlib
import logging
import string
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from runner.errors import ConfigurationError, OperationalError, RunnerError
from runner.postgres import session
from runner.postgres.far_dates import load_far_dates_as_text
from runner.postgres.profiles import Profile
from runner.project import Project

if TYPE_CHECKING:
    from typing_extensions import LiteralString

OLDEST_VERSION = 150000
"""As the server reports its version: major times 10,000 plus minor."""
BOOKKEEPING_VERSION = 7
"""Version of the bookkeeping tables of this code: the number of migrations in
`bookkeeping_migrations` of the package."""
APPLICATION_NAME = "trustgate runner"
KEEP_ALIVE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""Seconds, and milliseconds at the end: a firewall does not forget the session with the lock of a
run, and its loss is noticed within a minute."""
Parameters = Sequence[Any] | Mapping[str, Any]

_REMEDIES = {
    "25006": "Name a server that may be written to in profiles.yml: this one is a standby, or has "
    "`default_transaction_read_only` on for the database or the user.",
    "28P01": "Check user and password in profiles.yml and the environment variables it reads.",
    "28000": "Check user and pg_hba.conf; `runner doctor` shows the connection in use.",
    "3D000": "Create the database, or name another one in profiles.yml.",
    "42501": "Grant the user CREATE on the database, or create the schemas for it.",
    "53100": "The disk of the database is full: free space and run again; nothing is half done.",
    "53300": "The server has no connection left: close some, or lower `threads` in profiles.yml.",
    "57014": "The statement was cancelled by a timeout or by a user: run again.",
}
_LOST = (
    "Check that the server runs and its disk is not full (its log says why it stopped), and run "
    "again; nothing was left half done."
)
_PASSING = (
    *("the database system is starting up", "the database system is in recovery"),
    *("the database system is not yet accepting", "too many clients already"),
    "too many connections for ",
)
"""Messages of libpq, without a SQLSTATE, about a server that will soon accept connections."""
RETRY_SECONDS = 15
_STATE_BY_MESSAGE = (
    ("password authentication failed", "28P01"),
    ("no password supplied", "28P01"),
    ("no pg_hba.conf entry", "28000"),
    ("too many clients", "53300"),
    ("too many connections", "53300"),
    ("remaining connection slots", "53300"),
    ("read-only transaction", "25006"),
    ("permission denied for", "42501"),
)
"""Parts of messages that come without a SQLSTATE: from libpq on connecting, and from dbt."""


# psycopg raises what it logs, and the runner prints that error.
logging.getLogger("psycopg").addHandler(logging.NullHandler())


class Database:
    """A connection that commits each statement, unless `transaction` is used.

    Templates name relations as `{schema.relation}`, which becomes the quoted name in the
    project's namespace.
    """

    def __init__(self, connection: psycopg.Connection[DictRow], project: Project) -> None:
        self.connection = connection
        self.project = project

    def statement(self, template: LiteralString) -> sql.Composed:
        """The template with its `{schema.relation}` replaced by quoted names."""
        names = {field for _, field, _, _ in string.Formatter().parse(template) if field}
        return sql.SQL(template).format(**{name: self.relation(name) for name in names})

    def relation(self, name: str) -> sql.Identifier:
        """Quoted name of `schema.relation` in the namespace."""
        schema, relation = name.split(".")
        return sql.Identifier(self.project.schema(schema), relation)

    def rows(self, template: LiteralString, parameters: Parameters = ()) -> list[DictRow]:
        """All rows of a query, each a dictionary by column name."""
        with explained():
            return self.connection.execute(self.statement(template), parameters or None).fetchall()

    def row(self, template: LiteralString, parameters: Parameters = ()) -> DictRow | None:
        """First row of a query, None if there is none."""
        with explained():
            return self.connection.execute(self.statement(template), parameters or None).fetchone()

    def execute(self, template: LiteralString, parameters: Parameters = ()) -> int:
        """Run a statement.

        Returns: Rows it changed.
        """
        with explained():
            return self.connection.execute(self.statement(template), parameters or None).rowcount

    def has(self, name: str) -> bool:
        """Whether a table or view `schema.relation` exists in the namespace."""
        schema, relation = name.split(".")
        found = self.row(
            "select 1 from pg_catalog.pg_class as relations"
            " join pg_catalog.pg_namespace as schemas on relations.relnamespace = schemas.oid"
            " where schemas.nspname = %s and relations.relname = %s",
            [self.project.schema(schema), relation],
        )
        return found is not None

    def bookkeeping_version(self) -> int:
        """Version of the bookkeeping tables, which loads, users, layers and runs write.

        Returns: 0 if they do not exist, or were created before there were versions.
        """
        query = self.statement("select max(version) as version from {quality.schema_migrations}")
        try:
            found = self.connection.execute(query).fetchone()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
            return 0
        return found["version"] or 0 if found else 0


@contextlib.contextmanager
def connected(
    profile: Profile, project: Project, application_name: str = APPLICATION_NAME
) -> Iterator[Database]:
    """Connect as the profile says, and close the connection at the end.

    Raises: OperationalError with a remedy if connecting fails; ConfigurationError if the server is
        too old, or the bookkeeping tables are too new.
    """
    with explained(profile):
        connection = _connect(profile, application_name)
    try:
        check_version(connection.info.server_version, profile)
        with explained(profile):
            database = Database(connection, project)
            session.pin(connection, profile.search_path)
            if profile.role:
                connection.execute(sql.SQL("set role {}").format(sql.Identifier(profile.role)))
            _refuse_newer(database)
        yield database
    finally:
        connection.close()


def _refuse_newer(database: Database) -> None:
    """Refuse bookkeeping tables of a newer version, which this code cannot write correctly.

    Raises: ConfigurationError with both versions.
    """
    installed = database.bookkeeping_version()
    if installed > BOOKKEEPING_VERSION:
        raise ConfigurationError(
            f"The bookkeeping tables in schema {database.project.schema('quality')} have version "
            f"{installed}, and this runner knows versions up to {BOOKKEEPING_VERSION}.",
            "Install the version of Trustgate that wrote them.",
        )


def _connect(profile: Profile, application_name: str) -> psycopg.Connection[DictRow]:
    """Connect; try again for a while if the server is starting or has no free connection."""
    from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random_exponential

    for attempt in Retrying(
        retry=retry_if_exception(_may_pass),
        stop=stop_after_delay(RETRY_SECONDS),
        wait=wait_random_exponential(multiplier=0.2, max=3),
        reraise=True,
    ):
        with attempt:
            connection = psycopg.connect(
                host=profile.host,
                port=profile.port,
                user=profile.user,
                password=profile.password or None,
                dbname=profile.database,
                connect_timeout=profile.connect_timeout,
                application_name=application_name,
                client_encoding="utf8",
                autocommit=True,
                row_factory=dict_row,
                **{**KEEP_ALIVE, **profile.ssl},  # type: ignore[arg-type]
            )
            load_far_dates_as_text(connection)
            return connection
    raise AssertionError


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, psycopg.OperationalError) and any(
        part in str(error) for part in _PASSING
    )


def check_version(server_version: int, profile: Profile) -> None:
    """Refuse a server that is too old.

    Args:
        server_version: As libpq reports it, 150004 for 15.4.
    Raises: ConfigurationError below OLDEST_VERSION.
    """
    if server_version < OLDEST_VERSION:
        raise ConfigurationError(
            f"PostgreSQL {version_text(server_version)} ({profile.place}) is too old: "
            f"{OLDEST_VERSION // 10000} or newer is needed.",
            "Upgrade the server, or leave profiles.yml out to use the embedded PostgreSQL.",
        )


def version_text(server_version: int) -> str:
    """150004 as `15.4`; 90624, from before version 10, as `9.6.24`."""
    if server_version < 100000:
        return f"{server_version // 10000}.{server_version // 100 % 100}.{server_version % 100}"
    return f"{server_version // 10000}.{server_version % 10000}"


@contextlib.contextmanager
def explained(profile: Profile | None = None) -> Iterator[None]:
    """Turn an error of PostgreSQL into one sentence and a remedy."""
    try:
        yield
    except psycopg.Error as error:
        raise explain(error, profile) from error


def explain(error: psycopg.Error, profile: Profile | None = None) -> RunnerError:
    """One sentence and a remedy for an error of PostgreSQL.

    Args:
        profile: The profile that a connection was attempted with, None once connected.
    """
    message = " ".join((error.diag.message_primary or str(error) or "no reason given").split())
    remedy = _REMEDIES.get(error.sqlstate, "") if error.sqlstate else remedy_of(message)
    if profile is None:
        if _is_lost(error):
            reason = message.partition(" This probably means")[0]
            return OperationalError(f"The connection to the database was lost: {reason}.", _LOST)
        return OperationalError(f"The database reported: {message}", remedy)
    return OperationalError(
        f"Cannot connect to {profile.place}: {_last_cause(message)}",
        remedy or "Check that the server runs, and host and port; `runner doctor` shows them.",
    )


def _is_lost(error: psycopg.Error) -> bool:
    return isinstance(error, psycopg.OperationalError) and error.sqlstate is None


def remedy_of(message: str) -> str:
    """The remedy for an error of which only the message is known; empty if there is none."""
    if 'database "' in message and "does not exist" in message:
        return _REMEDIES["3D000"]
    return next((_REMEDIES[state] for part, state in _STATE_BY_MESSAGE if part in message), "")


def _last_cause(message: str) -> str:
    """The message of the server, without the addresses and guesses that libpq adds."""
    reason = message.rpartition("FATAL: ")[2].removeprefix("connection failed: ")
    return reason.partition(" Is the server running")[0].strip()
