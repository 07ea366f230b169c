"""Deterministic data, made in the database: the same rows for the same number of rows."""

import psycopg

from bench.errors import BenchError

DATASET = "bench"
LOADED_AT = "2026-06-01 00:00:00Z"
NEXT_DAY = "bench-charges-day-{day}"
"""Batch of a day after."""

BATCHES = """
    create schema if not exists {ns}quality;
    create table if not exists {ns}quality.batches (
        batch_id text, dataset text, entity text, status text
    );
    insert into {ns}quality.batches (batch_id, dataset, entity, status)
    select 'bench-' || entity || '-1', 'bench', entity, 'LOADED'
    from (values ('purchases'), ('charges')) as entities (entity)
    where not exists (select 1 from {ns}quality.batches)
"""
"""What a load would have left: dbt knows the dataset by it, and adds the other columns."""

FAILS = "(hashint8extended({number}, {rule}) & 1023) < 10"
"""True for 0.98 % of the numbers, for each rule independently of the others."""

MESSY = """
    select
        i as _row_number,
        'C-' || lpad(i::text, 9, '0') as charge_id,
        case
            when {missing_parent} then 'P-none-' || i
            else 'P-' || lpad(
                (1 + (hashint8extended(i, 20) & 2147483647) % {parents})::text, 9, '0'
            )
        end as purchase_id,
        'R-' || lpad((case when {repeated} then i / 2 * 2 else i end)::text, 12, '0') as reference,
        case
            when {method} then 'cash'
            else (array['credit_card', 'boleto', 'voucher', 'debit_card', 'transfer'])[1 + i % 5]
        end as method,
        case
            when {unreadable} then '12.5.0'
            when {negative} then '-' || cents / 100 || '.' || lpad((cents % 100)::text, 2, '0')
            when {above} then '2000000.00'
            else cents / 100 || '.' || lpad((cents % 100)::text, 2, '0')
        end as amount,
        case when {currency} then 'R$' else (array['BRL', 'EUR', 'USD'])[1 + i % 3] end as currency,
        case
            when {no_payer} then null
            when {payer} then 'payer ' || i || ' at example.com'
            else 'payer.' || i % 50000 || '@example.com'
        end as payer_email,
        case
            when {status} then 'lost'
            else (array['authorized', 'captured', 'captured', 'refunded', 'failed'])[1 + i % 5]
        end as status,
        case
            when {no_date} then '2026-02-30T10:00:00Z'
            when {future} then '2027-01-05T10:00:00Z'
            else to_char(
                timestamp '2025-06-01' + make_interval(mins => (i % 500000)::integer),
                'YYYY-MM-DD"T"HH24:MI:SS"Z"'
            )
        end as paid_at
    from (
        select i, 1 + (hashint8extended(i, 21) & 2147483647) % 1000000 as cents
        from generate_series({first}::bigint, {last}::bigint) as i
    ) as numbers
"""

COLUMNS = (
    "charge_id, purchase_id, reference, method, amount, currency, payer_email, status, paid_at"
)

RECEIVED = """
    insert into {ns}raw.{entity}
    select
        (left(md5('{batch}'), 16) || lpad(to_hex(_row_number), 16, '0'))::uuid,
        '{dataset}', '{batch}', _row_number, '{entity}.csv', 0,
        md5(row({columns})::text), '{loaded_at}', {columns}
    from ({rows}) as rows
"""

PARENTS = """
    select
        i as _row_number,
        'P-' || lpad(i::text, 9, '0') as purchase_id,
        'K-' || i % 10000 as customer_id,
        '2025-05-31T10:00:00Z' as ordered_at
    from generate_series(1, {parents}::bigint) as i
"""

SOURCE = """
    insert into {ns}raw.charges_source
    select
        'C-' || lpad(i::text, 9, '0'),
        'P-' || lpad((i / 2)::text, 9, '0'),
        'R-' || lpad(i::text, 12, '0'),
        (array['credit_card', 'boleto', 'voucher', 'debit_card', 'transfer'])[1 + i % 5],
        ((1 + (hashint8extended(i, 21) & 2147483647) % 1000000) / 100.0)::numeric(14, 2),
        (array['BRL', 'EUR', 'USD'])[1 + i % 3],
        'payer.' || i % 50000 || '@example.com',
        (array['authorized', 'captured', 'captured', 'refunded', 'failed'])[1 + i % 5],
        timestamptz '2025-06-01Z' + make_interval(mins => (i % 500000)::integer)
    from generate_series(1, {rows}::bigint) as i
"""

TARGET = """
    insert into {ns}raw.charges_target
    select
        charge_id, purchase_id, reference, method,
        case when chance between 1000 and 1499 then amount + 1 else amount end,
        currency, payer_email,
        case when chance between 1500 and 1699 then 'lost' else status end,
        paid_at
    from (
        select *, (hashtextextended(charge_id, 1) & 2147483647) % 1000000 as chance
        from {ns}raw.charges_source
    ) as source
    where chance >= 1000
    union all
    select
        'X' || charge_id, purchase_id, reference, method, amount, currency, payer_email, status,
        paid_at
    from {ns}raw.charges_source
    where (hashtextextended(charge_id, 2) & 2147483647) % 1000000 < 200
"""
"""0.1 % missing, 0.05 % with another amount, 0.02 % with another status, 0.02 % extra."""


def messy_rows(first: int, last: int, parents: int) -> str:
    """SQL of charges as received, nine text columns and `_row_number`.

    Args:
        first, last: Numbers of the charges, both included.
        parents: Purchases there are, numbered from 1.
    """
    names = (
        *("missing_parent", "method", "unreadable", "negative", "above", "currency"),
        *("no_payer", "payer", "status", "no_date", "future"),
    )
    chances = {
        name: FAILS.format(number="i", rule=rule) for rule, name in enumerate(names, start=1)
    }
    chances["repeated"] = FAILS.format(number="i / 2", rule=12)
    return MESSY.format(first=first, last=last, parents=parents, **chances)


def received(entity: str, batch: str, columns: str, rows: str, prefix: str = "") -> str:
    """Statement that puts rows into raw as one batch, as dbt would from landing."""
    return RECEIVED.format(
        ns=prefix, entity=entity, batch=batch, dataset=DATASET, columns=columns,
        loaded_at=LOADED_AT, rows=rows,
    )  # fmt: skip


def fill(connection: psycopg.Connection, rows: int) -> None:
    """Fill raw, `messy` and both sides of the reconciliation, where that has not been done.

    Args:
        rows: Charges, >= 100; purchases are half as many.
    Raises: BenchError where the workplace holds another number of rows.
    """
    found = connection.execute("select count(*) from raw.charges").fetchone()
    if found and found[0]:
        if found[0] != rows:
            raise BenchError(f"The workplace holds {found[0]} rows, not {rows}; remove it first.")
        return
    parents = rows // 2
    messy = messy_rows(1, rows, parents)
    for statement in (
        received("purchases", "bench-purchases-1", "purchase_id, customer_id, ordered_at",
                 PARENTS.format(parents=parents)),
        received("charges", "bench-charges-1", COLUMNS, messy),
        f"create table messy as select {COLUMNS} from raw.charges",
        SOURCE.format(ns="", rows=rows),
        TARGET.format(ns=""),
    ):  # fmt: skip
        connection.execute(statement)
    connection.execute(
        "vacuum (analyze) raw.charges, raw.purchases, raw.charges_source, raw.charges_target, messy"
    )


def add_next_day(connection: psycopg.Connection, rows: int, day: int) -> None:
    """Put a day after into raw: one batch with 1 % new charges.

    Args:
        rows: Charges of the first day.
        day: Which day after, from 1; each has charges of its own.
    """
    more = rows // 100
    first = rows + 1 + (day - 1) * more
    charges = messy_rows(first, first + more - 1, rows // 2)
    connection.execute(received("charges", NEXT_DAY.format(day=day), COLUMNS, charges))


def remove_next_days(connection: psycopg.Connection) -> None:
    """Take the days after out of raw again."""
    connection.execute(
        "delete from raw.charges where _batch_id like %s", [NEXT_DAY.format(day="%")]
    )
    connection.execute("vacuum raw.charges")
