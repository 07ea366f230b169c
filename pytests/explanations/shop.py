"""Relations of the shape that explanations read, filled by SQL with records that fail as planned.

Every value of a record is drawn by a hash of the seed, the column and the record's number: the same
seed gives the same records.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.rows import DictRow, dict_row

from runner.postgres.database import Database as RunnerDatabase
from runner.project import Project

from ..database import Database

DATASET = "shop"
CHECK = "sale_amount_parses"
BATCHES = 12
VALUES = {
    "channel": "(array['web', 'shop', 'phone', 'app'])[1 + {draw} % 4]",
    "currency": "(array['BRL', 'EUR', 'USD', 'GBP', 'JPY'])[1 + {draw} % 5]",
    "method": "(array['card', 'cash', 'slip', null, 'wire'])[1 + {draw} % 5]",
    "customer_id": "'C-' || {draw} % 400",
    "is_express": "{draw} % 3 = 0",
    "store": "{draw} % 25",
    "sold_at": "timestamptz '2026-03-01 00:00+00' + {draw} % 43200 * interval '1 minute'",
}
SCHEMA = """
create schema {n}_staging;
create schema {n}_quality;
create table {n}_staging.base_sales (
    _record_id uuid, _dataset text, _batch_id text, _worker_id integer, _loaded_at timestamptz,
    _record_key text, sale_id text, amount numeric, channel text, currency text, method text,
    customer_id text, is_express boolean, store integer, sold_at timestamptz, _is_latest boolean,
    _dq_status text, _dq_failed text[], _dq_warned text[]
);
create table {n}_quality.dq_rules (rule_id text, entity text, column_name text, expression text);
create table {n}_quality.batch_controls (
    batch_id text, dataset text, entity text, source_file text, loaded_count bigint
);
create table {n}_quality.open_exceptions (
    dataset text, entity text, record_key text, record_id uuid, batch_id text, check_id text,
    exception_type text, severity text, source_table text, message text, details jsonb,
    is_suppressed boolean
);
insert into {n}_quality.dq_rules values
('sale_amount_parses', 'sales', 'amount', 'parses_as(type: numeric)'),
('sale_currency_known', 'sales', 'currency', 'accepted_values(values: BRL, EUR)');
"""
INDEXES = """
create unique index on {n}_staging.base_sales (_record_id);
create index on {n}_staging.base_sales (_record_key);
create index on {n}_quality.open_exceptions (check_id);
analyze {n}_staging.base_sales;
"""


@dataclass(frozen=True)
class Shop:
    """Relations of one entity, `sales`, in a namespace of their own."""

    connection: psycopg.Connection[DictRow]
    namespace: str

    def database(self) -> RunnerDatabase:
        """The relations as the runner reaches them."""
        project = Project(Path("/nowhere"), "trustgate", "trustgate", namespace=self.namespace)
        return RunnerDatabase(self.connection, project)

    def run(self, statement: str) -> None:
        self.connection.execute(statement.replace("{n}", self.namespace).encode())

    def fail(self, check: str, where: str, exception_type: str = "PARSE_ERROR") -> None:
        """Have records fail a check, each with its exception.

        Args:
            where: SQL of which, `n` being the record's number.
        """
        self.run(
            f"""
            with failed as (
                update {{n}}_staging.base_sales
                set
                    _dq_status = 'FAILED',
                    _dq_failed = coalesce(_dq_failed, '{{}}') || '{check}'::text
                where {where.replace("{number}", "substr(sale_id, 3)::bigint")}
                returning _record_id, _record_key, _batch_id
            )
            insert into {{n}}_quality.open_exceptions
            select
                '{DATASET}', 'sales', _record_key, _record_id, _batch_id, '{check}',
                '{exception_type}', 'ERROR', 'raw.sales', 'it failed',
                jsonb_build_object('column', 'amount', 'actual', '12.5.0'), false
            from failed
            """
        )


def draw(seed: int, what: str, number: str = "n") -> str:
    """SQL of a number from 0 on, drawn for a record."""
    return f"abs(hashtextextended('{seed} {what} ' || {number}, 7) % 1000000007)"


def chance(seed: int, what: str, percent: float) -> str:
    """SQL of whether something happens to a record."""
    return f"{draw(seed, what, '{number}')} % 100000 < {round(percent * 1000)}"


def make_shop(
    connection: psycopg.Connection[DictRow], namespace: str, records: int, seed: int
) -> Shop:
    """A shop with this many records, all of them good; batches lie one after the other."""
    shop = Shop(connection, namespace)
    shop.run(SCHEMA)
    values = ", ".join(sql.format(draw=draw(seed, name)) for name, sql in VALUES.items())
    shop.run(
        f"""
        insert into {{n}}_staging.base_sales
        select
            md5('{seed} ' || n)::uuid, '{DATASET}', 'batch-' || n * {BATCHES} / {records + 1},
            {draw(seed, "worker")} % 4,
            timestamptz '2026-04-01' + n * {BATCHES} / {records + 1} / 3 * interval '1 day',
            'S-' || n, 'S-' || n, {draw(seed, "amount")} % 100000 / 100.0, {values}, true, 'PASSED'
        from generate_series(1, {records}) as n;
        insert into {{n}}_quality.batch_controls
        select
            _batch_id, '{DATASET}', 'sales',
            'file-' || substr(_batch_id, 7)::integer / 2 || '.csv', count(*)
        from {{n}}_staging.base_sales group by _batch_id;
        """
    )
    shop.run(INDEXES)
    return shop


def connect(database: Database) -> psycopg.Connection[DictRow]:
    """A connection as the runner opens it."""
    connection = psycopg.connect(
        host=database.host,
        port=database.port,
        user=database.user,
        password=database.password or None,
        dbname=database.name,
        autocommit=True,
        row_factory=dict_row,
    )
    connection.execute("set jit = off")
    return connection
