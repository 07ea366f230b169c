"""`runner run` where every payment fails, against the same where one in a hundred does."""

import psycopg

from bench.errors import BenchError
from bench.figures import Figures, against, heading, line
from bench.pipeline import Pipeline, open_pipeline
from bench.workplace import Workplace

DATASET = "failing"
GATE_SHUT = 1
"""Exit code of a run that found failures, as all of these do."""
MEBIBYTE = 1024 * 1024
FAILING = {"few": "i % 100 = 0", "all": "true"}
"""Which payments fail, by the namespace they are in."""
CAP = 10_000
"""Exceptions that a check has of its own, as dbt_project.yml declares."""
COMMANDS = {
    "exceptions list": ("exceptions", "list", "--limit", "10000", "--json"),
    "exceptions summary": ("exceptions", "summary"),
    "exceptions explain": ("exceptions", "explain"),
    "exceptions export": ("exceptions", "export", "--all", "--format", "jsonl"),
    "exceptions ack, of 10,000": ("exceptions", "ack", "--check", "payment_method_known", "--yes"),
    "exceptions retry, of 10,000": (
        *("exceptions", "retry", "--check", "payment_method_known", "--yes"),
    ),
    "reprocess --failed --plan": ("reprocess", "--failed", "--plan"),
}
"""What people do with that many."""
SCHEMAS = ("landing", "raw", "staging", "candidate", "quality", "marts")

WRITTEN = '\'YYYY-MM-DD"T"HH24:MI:SS"Z"\''
ORDERS = """
    insert into {ns}_landing.orders (
        _batch_id, _row_number, order_id, customer_id, status, currency, order_total, ordered_at,
        updated_at
    )
    select
        '{ns}-orders',
        i,
        'ORD-' || lpad(i::text, 9, '0'),
        'C-' || i % 50000,
        'delivered',
        'BRL',
        (2 * (100 + i % 900))::text || '.00',
        to_char(ordered_at, {written}),
        to_char(ordered_at, {written})
    from (
        select
            i,
            timestamp '2025-06-01' + make_interval(mins => (i % 200000)::integer) as ordered_at
        from generate_series(1, {orders}::bigint) as i
    ) as numbers
"""
PAYMENTS = """
    insert into {ns}_landing.payments (
        _batch_id, _row_number, payment_id, order_id, method, amount, currency, status, paid_at,
        updated_at
    )
    select
        '{ns}-payments',
        i,
        'PAY-' || lpad(i::text, 9, '0'),
        'ORD-' || lpad(order_number::text, 9, '0'),
        case when fails then 'cash' else 'boleto' end,
        case
            when fails and i / 100 % 4 = 0 then '12.5.0'
            when fails and i / 100 % 2 = 0 then '-5.00'
            else (100 + order_number % 900)::text || '.00'
        end,
        'BRL',
        'captured',
        to_char(paid_at, {written}),
        to_char(paid_at, {written})
    from (
        select
            i,
            1 + i % {orders} as order_number,
            {fails} as fails,
            timestamp '2025-06-02' + make_interval(
                mins => ((1 + i % {orders}) % 200000)::integer, secs => i / {orders}
            ) as paid_at
        from generate_series(1, {payments}::bigint) as i
    ) as numbers
"""
"""Two payments an order, which add up to its total; those that fail break one to three rules."""
BATCHES = """
    insert into {ns}_quality.batches (
        batch_id, dataset, entity, source_file, expected_count, loaded_count, rejected_count,
        blank_count, status, loaded_at
    )
    select
        '{ns}-' || entity, '{dataset}', entity, entity || '.csv', sent, sent, 0, 0, 'LOADED',
        '2026-06-01 00:00:00Z'
    from (values ('orders', {orders}), ('payments', {payments})) as given (entity, sent)
"""
"""What a load would have left."""

FOUND = """
    select results.rule_id, results.failures, exceptions.own, exceptions.beyond
    from (
        select rule_id, count(*) as failures from {ns}_quality.dq_results group by rule_id
    ) as results
    left join (
        select
            check_id,
            count(*) filter (where not is_beyond_cap) as own,
            coalesce(sum(record_count) filter (
                where is_beyond_cap and severity = 'CRITICAL'
            ), 0)::bigint as beyond
        from {ns}_quality.open_exceptions
        group by check_id
    ) as exceptions on results.rule_id = exceptions.check_id
    order by results.failures desc
"""


def measure(place: Workplace, connection: psycopg.Connection, rows: int, rounds: int) -> int:
    """Measure and print. Arguments as in `checks.measure`; each round is a run from nothing.

    Returns: Greatest resident memory of the runner, bytes.
    """
    pipelines = {name: open_pipeline(place, namespace=f"failing_{name}") for name in FAILING}
    figures, peaks = Figures(), [0]
    for number in range(rounds):
        for name in list(FAILING)[:: -1 if number % 2 else 1]:
            _prepare(pipelines[name], connection, rows, FAILING[name])
            for what in (name, f"{name} again"):
                done = pipelines[name].runner("run", "--dataset", DATASET, exits=(GATE_SHUT,))
                figures.note(what, done.seconds)
                peaks.append(done.peak_bytes)
            _refuse_other_than_capped(connection, pipelines[name])
    for command, arguments in COMMANDS.items():
        done = pipelines["all"].runner(*arguments, "--dataset", DATASET)
        figures.note(command, done.seconds)
        peaks.append(done.peak_bytes)
    for pipeline in pipelines.values():
        _drop(pipeline, connection)
    _print(figures, rows, max(peaks))
    return max(peaks)


def _prepare(pipeline: Pipeline, connection: psycopg.Connection, rows: int, fails: str) -> None:
    """Records as loads would have left them, in schemas of their own with nothing else in them."""
    _drop(pipeline, connection)
    pipeline.dbt("run", "--select", "tag:intake", dataset="good")
    sizes = {"orders": rows // 2, "payments": rows}
    for statement in (ORDERS, PAYMENTS, BATCHES):
        given = {"ns": pipeline.namespace, "dataset": DATASET, "written": WRITTEN, "fails": fails}
        connection.execute(statement.format(**given, **sizes))
    connection.execute("checkpoint")


def _drop(pipeline: Pipeline, connection: psycopg.Connection) -> None:
    for schema in SCHEMAS:
        connection.execute(f"drop schema if exists {pipeline.namespace}_{schema} cascade")


def _refuse_other_than_capped(connection: psycopg.Connection, pipeline: Pipeline) -> None:
    """Each failure is a result; each check has its exceptions, and one for all beyond the cap."""
    for check, failures, own, beyond in connection.execute(FOUND.format(ns=pipeline.namespace)):
        if own != min(failures, CAP) or beyond != failures - own:
            raise BenchError(
                f"{check} failed {failures:,} times and has {own:,} exceptions of its own and one"
                f" for {beyond:,} more"
            )


def _print(figures: Figures, rows: int, peak: int) -> None:
    heading(f"Failing records, {rows:,} payments and half as many orders, the whole pipeline")
    line("runner run, 1 % of the payments fail", figures.median("few"), rows)
    line("runner run, all of them fail", figures.median("all"), rows)
    line("runner run with nothing new, 1 %", figures.median("few again"))
    line("runner run with nothing new, all", figures.median("all again"))
    against("all fail to 1 % fail", figures.ratio("all", "few"), "<= 2")
    against("the same with nothing new", figures.ratio("all again", "few again"))
    for command in COMMANDS:
        line(f"runner {command}", figures.median(command))
    print(f"Greatest memory of the runner: {peak / MEBIBYTE:.0f} MiB, to reach: 200")
