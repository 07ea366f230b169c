"""Deterministic orders and payments in the demo's columns, written as the CSV files of each day."""

from dataclasses import dataclass
from pathlib import Path

import psycopg

CORRECTED = 100
"""Old records that come again, corrected, on the day that has corrections."""

ORDER_COLUMNS = "order_id, customer_id, status, currency, order_total, ordered_at, updated_at"
PAYMENT_COLUMNS = "payment_id, order_id, method, amount, currency, status, paid_at, updated_at"

WRITTEN = '\'YYYY-MM-DD"T"HH24:MI:SS"Z"\''
CHANCE = "(hashint8extended({number}, {seed}) & 2147483647)"

ORDER_DEFECTS = (
    *("no customer", "no status", "unknown status", "odd currency"),
    *("unreadable total", "negative total", "no total", "unreadable ordered_at"),
    *("future ordered_at", "updated before ordered"),
)
"""Ways to be messy. An unreadable updated_at is none of them: Trustgate takes that version for the
latest, the plain project for the first."""
PAYMENT_DEFECTS = (
    *("unknown order", "no order", "unknown method", "no method"),
    *("unreadable amount", "no amount", "negative amount", "huge amount"),
    *("unknown currency", "other currency", "no status", "unknown status"),
    *("unreadable paid_at", "no paid_at", "future paid_at", "paid before ordered"),
    *("no updated_at", "sent twice"),
)

ORDERS = """
    select
        number,
        'O-' || lpad(number::text, 9, '0') as order_id,
        case when defect = 'no customer' then '' else 'C-' || number % 50000 end as customer_id,
        case
            when defect = 'no status' then ''
            when defect = 'unknown status' then 'lost'
            when version = 'corrected' then 'delivered'
            else (array['approved', 'invoiced', 'shipped'])[1 + number % 3]
        end as status,
        case when defect = 'odd currency' then 'R$' else currency end as currency,
        case
            when defect = 'unreadable total' then '12.5.0'
            when defect = 'negative total' then '-5.00'
            when defect = 'no total' then ''
            else to_char(first_cents / 100.0 + second_cents / 100.0, 'FM9999990.00')
        end as order_total,
        case
            when defect = 'unreadable ordered_at' then '2024-02-30T10:00:00Z'
            when defect = 'future ordered_at' then '2099-01-05T10:00:00Z'
            else to_char(ordered_at, {written})
        end as ordered_at,
        case
            when defect = 'updated before ordered' then '2023-12-31T10:00:00Z'
            else to_char(ordered_at + age, {written})
        end as updated_at
    from ({numbers}) as orders
"""

PAYMENTS = """
    select
        number,
        'P-' || lpad(number::text, 9, '0') as payment_id,
        case
            when defect = 'unknown order' then 'O-none-' || number
            when defect = 'no order' then ''
            else 'O-' || lpad(order_number::text, 9, '0')
        end as order_id,
        case
            when defect = 'unknown method' then 'cash'
            when defect = 'no method' then ''
            when version = 'corrected' then 'transfer'
            when is_first then 'voucher'
            else (array['credit_card', 'boleto', 'debit_card'])[1 + order_number % 3]
        end as method,
        case
            when defect = 'unreadable amount' then '12.5.0'
            when defect = 'no amount' then ''
            when defect = 'negative amount' then '-5.00'
            when defect = 'huge amount' then '2000000.00'
            else to_char(
                case when is_first then first_cents else second_cents end / 100.0, 'FM9999990.00'
            )
        end as amount,
        case
            when defect = 'unknown currency' then 'GBP'
            when defect = 'other currency' then (array['EUR', 'USD', 'BRL'])[1 + order_number % 3]
            else currency
        end as currency,
        case
            when defect = 'no status' then ''
            when defect = 'unknown status' then 'lost'
            when version = 'earlier' then 'authorized'
            else 'captured'
        end as status,
        case
            when defect = 'unreadable paid_at' then '2024-02-30T10:00:00Z'
            when defect = 'no paid_at' then ''
            when defect = 'future paid_at' then '2099-01-05T10:00:00Z'
            when defect = 'paid before ordered' then '2023-12-31T10:00:00Z'
            else to_char(
                ordered_at + case when is_first then interval '1 hour' else interval '2 hours' end,
                {written}
            )
        end as paid_at,
        case
            when defect = 'no updated_at' then ''
            else to_char(ordered_at + interval '3 hours' + age, {written})
        end as updated_at
    from (
        select
            *,
            (number % 2 = 1) <> (defect is not distinct from 'sent twice') as is_first
        from ({numbers}) as numbered
    ) as payments
"""
"""Two payments an order, which add up to its total. One sent twice repeats the other's values."""

NUMBERS = """
    select
        number,
        version,
        age,
        defect,
        order_number,
        100 + {first} % 99900 as first_cents,
        100 + {second} % 99900 as second_cents,
        (array['BRL', 'EUR', 'USD'])[1 + order_number % 3] as currency,
        timestamp '2024-01-01' + order_number * interval '300 days' / {all_orders} as ordered_at
    from (
        select *, {order_number} as order_number
        from ({versions}) as given
    ) as numbered
"""

SENT = """
    select
        number,
        version,
        case version when 'earlier' then interval '1 hour' else interval '1 day' end as age,
        case
            when version = 'sent' and {chance} % 100 = 0
                then ({defects})[1 + {chance} / 100 % {count}]
        end as defect
    from generate_series({first}::bigint, {last}::bigint) as number
    cross join lateral (
        select 'sent' as version
        union all
        select 'earlier' where {earlier} % 100 = 0
    ) as versions
"""
"""One in a hundred is messy in one way; of one in a hundred an earlier version was sent as well."""

CORRECTIONS = """
    select number, 'corrected' as version, interval '400 days' as age, null::text as defect
    from (
        select number, row_number() over (partition by {chance} % 100 order by {chance}) as place
        from generate_series(1, {last}::bigint) as number
        where {chance} % 100 in (0, 50)
    ) as messy_and_clean
    where place <= {half}
"""
"""Of old records half were messy and come as they should be, half change a field."""


@dataclass(frozen=True)
class Entity:
    """How the records of an entity are made.

    Attributes:
        columns: Columns of its file.
        records: SQL of its records, from `numbers`.
        order_number: SQL of the number of a record's order.
        defects: In what ways a record is messy.
        seed: So that those of each entity are messy independently.
    """

    columns: str
    records: str
    order_number: str
    defects: tuple[str, ...]
    seed: int

    def sent(self, first: int, last: int) -> str:
        """SQL of the numbers of what is new, both included."""
        return SENT.format(
            first=first, last=last, defects=f"array{list(self.defects)}", count=len(self.defects),
            chance=self._chance(self.seed), earlier=self._chance(self.seed + 1),
        )  # fmt: skip

    def corrections(self, last: int, count: int) -> str:
        """SQL of the numbers of old records that come again, of those up to `last`."""
        return CORRECTIONS.format(last=last, half=count // 2, chance=self._chance(self.seed))

    def rows(self, versions: str, all_orders: int) -> str:
        """SQL of records in the columns of the file, in the order they are written."""
        numbers = NUMBERS.format(
            versions=versions, all_orders=all_orders, order_number=self.order_number,
            first=CHANCE.format(number="order_number", seed=31),
            second=CHANCE.format(number="order_number", seed=32),
        )  # fmt: skip
        records = self.records.format(numbers=numbers, written=WRITTEN)
        return f"select {self.columns} from ({records}) as records order by number, updated_at"

    @staticmethod
    def _chance(seed: int) -> str:
        return CHANCE.format(number="number", seed=seed)


ENTITIES = {
    "orders": Entity(ORDER_COLUMNS, ORDERS, "number", ORDER_DEFECTS, seed=41),
    "payments": Entity(PAYMENT_COLUMNS, PAYMENTS, "(number + 1) / 2", PAYMENT_DEFECTS, seed=43),
}


def write_first(connection: psycopg.Connection, directory: Path, payments: int) -> int:
    """Write the files of the first day.

    Args:
        payments: How many, even; half as many orders.
    Returns: Their size, bytes.
    """
    return sum(
        _write(connection, directory, name, entity.sent(1, share), payments // 2)
        for name, entity, share in _shares(payments)
    )


def write_day(
    connection: psycopg.Connection, directory: Path, payments: int, day: int, corrects: bool = False
) -> int:
    """Write the files of a day after: 1 % of new records.

    Args:
        payments: Of the first day, at least 200.
        day: Which day after, from 1; each has records of its own.
        corrects: Whether 100 old records come again, corrected: payments and orders, half each.
    Returns: Their size, bytes.
    """
    size = 0
    for name, entity, share in _shares(payments):
        more = share // 100
        first = share + 1 + (day - 1) * more
        versions = entity.sent(first, first + more - 1)
        if corrects:
            corrected = entity.corrections(share, CORRECTED // len(ENTITIES))
            versions = f"{versions} union all {corrected}"
        size += _write(connection, directory, name, versions, payments // 2)
    return size


def _shares(payments: int) -> list[tuple[str, Entity, int]]:
    """Each entity, and how many of its records there are on the first day."""
    shares = {"orders": payments // 2, "payments": payments}
    return [(name, entity, shares[name]) for name, entity in ENTITIES.items()]


def _write(
    connection: psycopg.Connection, directory: Path, name: str, versions: str, all_orders: int
) -> int:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name}.csv"
    rows = ENTITIES[name].rows(versions, all_orders)
    statement = f"copy ({rows}) to stdout (format csv, header true)"
    with connection.cursor() as cursor, path.open("wb") as file, cursor.copy(statement) as copy:
        for chunk in copy:
            file.write(chunk)
    return path.stat().st_size
