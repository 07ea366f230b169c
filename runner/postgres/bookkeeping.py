"""Versions of the tables that loads, people, layers and runs write beside the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from runner.errors import ConfigurationError

if TYPE_CHECKING:
    from runner.postgres.database import Database

VERSION = 2
"""The version this code knows: how many migrations the package's `bookkeeping_migrations` has."""


def installed_version(database: Database) -> int:
    """Version of the tables; 0 where they are not there, or are those of a time before versions."""
    statement = database.statement(
        "select max(version) as version from {quality.schema_migrations}"
    )
    try:
        found = database.connection.execute(statement).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        return 0
    return found["version"] or 0 if found else 0


def refuse_newer(database: Database) -> None:
    """Refuse tables of a newer version, which this code would write wrongly.

    Raises: ConfigurationError naming both versions.
    """
    installed = installed_version(database)
    if installed > VERSION:
        raise ConfigurationError(
            f"The bookkeeping tables in schema {database.project.schema('quality')} have version "
            f"{installed}, and this runner knows versions up to {VERSION}.",
            "Install the version of Trustgate that wrote them.",
        )
