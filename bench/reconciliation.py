"""Row reconciliation against a hash of both sides, and against other ways to compare them."""

from functools import partial

import psycopg

from bench.dbt_process import run_dbt
from bench.figures import REPEATED, WRITTEN, Figures, against, heading, line, seconds_of
from bench.workplace import Workplace

FLOOR = """
    select sum(hash_record_extended(t, 0)) from raw.charges_source as t
    union all
    select sum(hash_record_extended(t, 0)) from raw.charges_target as t
"""
COMPARED = (
    *("purchase_id", "reference", "method", "amount", "currency"),
    *("payer_email", "status", "paid_at"),
)
JOIN = f"""
    set local parallel_tuple_cost = 0;
    create temporary table joined on commit drop as
    select coalesce(a.charge_id, b.charge_id) as charge_id
    from raw.charges_source as a
    full join raw.charges_target as b on a.charge_id = b.charge_id
    where a.charge_id is null or b.charge_id is null
        or ({", ".join(f"a.{name}" for name in COMPARED)})
        is distinct from ({", ".join(f"b.{name}" for name in COMPARED)})
"""
CLASSIFIED = f"""
    create temporary table classified on commit drop as
    with
    a as (select *, md5(row({", ".join(COMPARED)})::text) as content from raw.charges_source),
    b as (select *, md5(row({", ".join(COMPARED)})::text) as content from raw.charges_target),
    same as (select charge_id, content from a intersect select charge_id, content from b),
    sides as (
        select charge_id, content, true as in_a, false as in_b from a
        union all
        select charge_id, content, false as in_a, true as in_b from b
    ),
    keyed as (
        select sides.charge_id, bool_or(in_a) as in_a, bool_or(in_b) as in_b,
            bool_or(same.charge_id is not null) as is_same
        from sides left join same on sides.charge_id = same.charge_id
        group by sides.charge_id
    )
    select *, case
        when not in_b then 'removed' when not in_a then 'added'
        when is_same then 'identical' else 'modified'
    end as status
    from keyed
"""


def measure(place: Workplace, connection: psycopg.Connection, rows: int, rounds: int) -> int:
    """Measure and print. Arguments and result as in `checks.measure`."""
    figures, peak = Figures(), 0
    connection.execute(FLOOR)
    for _ in range(rounds):
        figures.note("floor", seconds_of(lambda: connection.execute(FLOOR), times=REPEATED))
        for name, statement in (("join", JOIN), ("classified", CLASSIFIED)):
            figures.note(name, seconds_of(partial(_rolled_back, connection, statement)))
        for name in ("unique", "any"):
            command = ("run", "--full-refresh", "--select", f"recon_{name}_keys")
            own, done = [], []
            for _ in range(REPEATED):
                own.append(run_dbt(place.project, *command, namespace="empty").seconds)
                connection.execute(WRITTEN)
                compared = run_dbt(place.project, *command)
                done.append(compared.seconds)
                peak = max(peak, compared.peak_bytes)
            figures.note_net(name, own, done)
    heading(f"Row reconciliation, all columns, {rows:,} against as many (median)")
    for name, label in (
        ("floor", "floor: one hash of every row of both sides"),
        ("join", "parallel full outer join into a table"),
        ("classified", "SQL that classifies by set operations"),
        ("unique", "reconcile_rows, keys known to be unique"),
        ("any", "reconcile_rows, duplicate keys looked for"),
    ):
        dbt = f"dbt of {name}"
        cost = f"dbt itself {figures.median(dbt):.2f} s" if dbt in figures.rounds else ""
        line(label, figures.median(name), rows, cost)
    against("unique keys to the floor", figures.ratio("unique", "floor"), "<= 1.5 (2 at 10 M)")
    against("duplicates looked for to the floor", figures.ratio("any", "floor"), "<= 2.5")
    against("classifying SQL to unique keys", figures.ratio("classified", "unique"), ">= 3")
    return peak


def _rolled_back(connection: psycopg.Connection, statement: str) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute(statement)
