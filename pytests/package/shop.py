"""A small dbt project of somebody's own, whose names are those of a pipeline of Trustgate."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from ..database import Database, Row
from ..pipeline import REPOSITORY

FILES = {
    "dbt_project.yml": """\
name: shop
version: 1.0.0
profile: shop
models:
  shop:
    staging:
      +schema: staging
vars: {first_day: 2026-01-01}
""",
    "seeds/raw_orders.csv": """\
id,customer,ordered_on,state
1,7,2026-01-01,returned
2,3,2026-01-02,completed
3,7,2026-01-04,completed
4,5,2026-01-05,
""",
    "models/staging/stg_orders.sql": """\
select id as order_id, customer as customer_id, ordered_on, state from {{ ref('raw_orders') }}
where ordered_on >= '{{ var("first_day") }}'
""",
    "models/staging/base_payments.sql": """\
select order_id, order_id * 10.00 as amount from {{ ref('stg_orders') }}
""",
    "models/orders.sql": """\
{{ config(materialized='table') }}
select orders.*, payments.amount
from {{ ref('stg_orders') }} as orders
left join {{ ref('base_payments') }} as payments on orders.order_id = payments.order_id
""",
    "models/fct_orders.sql": """\
{{ config(materialized='incremental', unique_key='order_id') }}
select * from {{ ref('orders') }} where amount < 40
""",
    "models/shop.yml": """\
models:
  - name: stg_orders
    columns:
      - name: order_id
        data_tests: [unique, not_null]
      - name: state
        data_tests:
          - not_null: {config: {severity: warn}}
  - name: fct_orders
    columns:
      - name: customer_id
        data_tests: [unique]
      - name: order_id
        data_tests:
          - relationships: {arguments: {to: ref('stg_orders'), field: order_id}}
unit_tests:
  - name: orders_before_the_first_day_are_left_out
    model: stg_orders
    overrides: {vars: {first_day: 2026-01-03}}
    given:
      - input: ref('raw_orders')
        rows: [{id: 1, ordered_on: 2026-01-02}, {id: 2, ordered_on: 2026-01-03}]
    expect: {rows: [{order_id: 2}]}
""",
    "tests/assert_amounts_positive.sql": """\
select * from {{ ref('fct_orders') }} where amount <= 0
""",
    "snapshots/orders_history.yml": """\
snapshots:
  - name: orders_history
    relation: ref('stg_orders')
    config: {unique_key: order_id, strategy: check, check_cols: [state]}
""",
}


OF_THE_RUN = ("dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id")


@dataclass(frozen=True)
class Built:
    """What one `dbt build` came to.

    Attributes:
        exit_code: dbt's.
        warnings: What dbt warned of, besides tests that it has numbered, in order of its words.
        manifest: dbt's manifest.json.
        statuses: Status and failures of each node.
    """

    exit_code: int
    warnings: list[str]
    manifest: dict[str, Any]
    statuses: dict[str, tuple[str, int | None]]


@dataclass(frozen=True)
class Shop:
    """The project on disk, and the database it builds in."""

    root: Path
    database: Database

    @classmethod
    def at(cls, root: Path, database: Database) -> Shop:
        """Write the project."""
        shop = cls(root, database)
        for path, text in FILES.items():
            shop.write(path, text)
        (profile,) = database.profile().values()
        shop.write("profiles.yml", json.dumps({"shop": profile}))  # JSON is YAML
        return shop

    def write(self, path: str, text: str) -> None:
        """Write a file of the project."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def install(self) -> None:
        """Install the package, and nothing else."""
        package = REPOSITORY / "package"
        self.write("packages.yml", f"packages:\n  - local: {package}\n")
        folder = self.root / "dbt_packages"
        folder.mkdir()
        (folder / "trustgate").symlink_to(package)

    def build(self) -> Built:
        """Parse and build everything, with nothing left of an earlier build but the tables."""
        shutil.rmtree(self.root / "target", ignore_errors=True)
        done = subprocess.run(
            [
                *(sys.executable, "-c", "from dbt.cli.main import cli; cli()"),
                *("--no-use-colors", "--log-format", "json", "build"),
            ],
            cwd=self.root,
            env={
                **{name: value for name, value in os.environ.items() if name != "DBT_TARGET_PATH"},
                "DBT_PROFILES_DIR": str(self.root),
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        results = self.root / "target" / "run_results.json"
        assert results.exists(), done.stdout
        said = [json.loads(line)["info"] for line in done.stdout.splitlines() if line[:1] == "{"]
        return Built(
            done.returncode,
            sorted(
                one["msg"]
                for one in said
                if one["level"] == "warn" and one["name"] != "LogTestResult"
            ),
            json.loads((self.root / "target" / "manifest.json").read_text()),
            {
                one["unique_id"]: (one["status"], one["failures"])
                for one in json.loads(results.read_text())["results"]
            },
        )

    def relations(self) -> dict[str, tuple[str, list[str]]]:
        """All relations of the database: their kind, and the rows that tables and views have."""
        found = self.query(
            "select relnamespace::regnamespace::text, relname::text, relkind::text"
            " from pg_catalog.pg_class where relnamespace::regnamespace::text"
            " not in ('pg_catalog', 'information_schema', 'pg_toast')"
        )
        return {
            f"{schema}.{name}": (kind, self.rows(schema, name) if kind in "rv" else [])
            for schema, name, kind in found
        }

    def rows(self, schema: str, name: str) -> list[str]:
        """Rows of a relation as JSON, in order, without what a snapshot notes of its own run."""
        statement = sql.SQL(
            "select (to_jsonb(found) - %s::text[])::text from {} as found order by 1"
        )
        with self.database.connect() as connection:
            cursor = connection.execute(
                statement.format(sql.Identifier(schema, name)), [list(OF_THE_RUN)]
            )
            return [row for (row,) in cursor]

    def query(self, statement: str) -> list[Row]:
        """Rows of a statement."""
        with self.database.connect() as connection:
            return connection.execute(statement.encode()).fetchall()
