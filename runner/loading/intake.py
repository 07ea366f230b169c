"""The tables that loads write to, which dbt creates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from runner.dbt.messages import clean_message, known_error
from runner.errors import ConfigurationError, OperationalError
from runner.loading.entities import EXTRA, Entity
from runner.postgres.database import Database, explained

if TYPE_CHECKING:
    from runner.dbt.invocation import Dbt

INTAKE = "tag:intake"
"""The landing models; the hook of dbt installs the bookkeeping tables before any model."""
NEEDED = 1
"""Oldest version of the bookkeeping tables that loads can write."""


def ensure_intake(database: Database, dbt: Dbt, entities: Sequence[Entity]) -> None:
    """Let dbt create the tables that loads write to, if one is missing or of an earlier version.

    Raises: OperationalError with the message of dbt if it fails; ConfigurationError if the package
        of the project is older than this runner.
    """
    if database.bookkeeping_version() >= NEEDED and not set(_needed(entities)) - _present(database):
        return
    invocation = dbt.create(INTAKE)
    if invocation.error is not None:
        raise invocation.error
    if failed := invocation.failed_nodes():
        raise known_error(failed[0].message) or OperationalError(
            f"dbt could not create {failed[0].name}: {clean_message(failed[0].message)}",
            "See logs/dbt.log for details.",
        )
    if (installed := database.bookkeeping_version()) < NEEDED:
        raise ConfigurationError(
            f"The project's Trustgate package made bookkeeping tables of version {installed}, and "
            f"this runner loads into version {NEEDED} and newer ones.",
            "Upgrade the package named in packages.yml, and run `runner deps`.",
        )


def ensure_functions(database: Database, dbt: Dbt) -> None:
    """Create the functions that convert text, if they are missing; dbt renders their SQL.

    Raises: RunnerError if dbt or the database fails.
    """
    name = f"{database.project.schema('quality')}.is_card_number(text)"
    if database.row("select 1 where to_regprocedure(%s) is not null", [name]) is None:
        statement = dbt.compiled("{{ trustgate.install_functions() }}")
        with explained():
            database.connection.execute(statement.encode())


def _needed(entities: Sequence[Entity]) -> Iterator[tuple[str, str]]:
    for entity in entities:
        for column in ("_batch_id", *((EXTRA,) if entity.keeps_extra else ())):
            yield entity.name, column


def _present(database: Database) -> set[tuple[str, str]]:
    """Existing tables of landing, with their columns."""
    found = database.rows(
        "select relations.relname, columns.attname"
        " from pg_catalog.pg_attribute as columns"
        " join pg_catalog.pg_class as relations on columns.attrelid = relations.oid"
        " join pg_catalog.pg_namespace as schemas on relations.relnamespace = schemas.oid"
        " where schemas.nspname = %s and relations.relkind = 'r' and columns.attnum > 0"
        " and not columns.attisdropped",
        [database.project.schema("landing")],
    )
    return {(row["relname"], row["attname"]) for row in found}
