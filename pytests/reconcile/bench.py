"""Two tables and the reconciliations between them, compiled: each example fills the tables anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from ..database import Row
from ..pipeline import Pipeline


@dataclass(frozen=True)
class Bench:
    """Reconciliations between two tables.

    Attributes:
        statements: The query of each case.
        connection: Stays open: an example is a transaction that is rolled back.
    """

    pipeline: Pipeline
    connection: psycopg.Connection[Row]
    statements: dict[str, str]


def write_sides(pipeline: Pipeline, prefix: str, types: Mapping[str, str]) -> None:
    """Write the models of both tables, `<prefix>_source` and `<prefix>_target`, without rows."""
    columns = ", ".join(f'cast(null as {type_}) as "{name}"' for name, type_ in types.items())
    for side in ("source", "target"):
        pipeline.write(
            f"models/brute/{prefix}_{side}.sql",
            "{{ config(materialized='table', schema='staging') }}\n"
            f"select {columns} where false",
        )
