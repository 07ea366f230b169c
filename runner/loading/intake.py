"""The tables that loads write to: dbt creates them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from runner.dbt.messages import clean_message, trouble_of
from runner.errors import ConfigurationError, TroubleError
from runner.loading.entities import EXTRA, Entity
from runner.postgres.bookkeeping import VERSION, installed_version
from runner.postgres.database import Database, explained

if TYPE_CHECKING:
    from runner.dbt.invocation import Dbt

INTAKE = "tag:intake"
"""The landing tables; before any model, dbt's hook installs the bookkeeping tables."""


def ensure_intake(database: Database, dbt: Dbt, entities: Sequence[Entity]) -> None:
    """Have dbt create what loads write to, where some of it is missing or of an earlier version.

    Raises: TroubleError with dbt's word if it cannot; ConfigurationError if the project's package
        is older than this runner.
    """
    if installed_version(database) == VERSION and not set(_needed(entities)) - _present(database):
        return
    invocation = dbt.create(INTAKE)
    if invocation.error is not None:
        raise invocation.error
    if failed := invocation.failed_nodes():
        raise trouble_of(failed[0].message) or TroubleError(
            f"dbt could not create {failed[0].name}: {clean_message(failed[0].message)}",
            "logs/dbt.log has the details.",
        )
    if (installed := installed_version(database)) < VERSION:
        raise ConfigurationError(
            f"The project's Trustgate package made bookkeeping tables of version {installed}, and "
            f"this runner needs version {VERSION}.",
            "Upgrade the package named in packages.yml, and run `runner deps`.",
        )


def ensure_functions(database: Database, dbt: Dbt) -> None:
    """Create the functions that read text as types, where there are none; dbt knows their SQL.

    Raises: RunnerError if dbt or the database cannot.
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
    """Tables of landing and their columns that are there."""
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
