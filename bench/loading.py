"""`runner load` of a file against a bare COPY of the same file."""

import shutil
from pathlib import Path

import psycopg

from bench.figures import Figures, against, heading, line, seconds_of
from bench.pipeline import NAMESPACE, Pipeline, open_pipeline
from bench.timed_process import ProcessRun
from bench.workplace import Workplace

CHUNK_BYTES = 1 << 20
MEBIBYTE = 1024 * 1024
COLUMNS = "payment_id, order_id, method, amount, currency, status, paid_at, updated_at"
PAYMENTS = """
    select
        'PAY-' || lpad(i::text, 9, '0') as payment_id,
        'ORD-' || lpad((i / 2)::text, 9, '0') as order_id,
        (array['credit_card', 'boleto', 'voucher', 'debit_card', 'transfer'])[1 + i % 5] as method,
        cents / 100 || '.' || lpad((cents % 100)::text, 2, '0') as amount,
        (array['BRL', 'EUR', 'USD'])[1 + i % 3] as currency,
        (array['authorized', 'captured', 'captured', 'refunded', 'failed'])[1 + i % 5] as status,
        to_char(paid_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as paid_at,
        to_char(paid_at + interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as updated_at
    from (
        select
            i,
            1 + (hashint8extended(i, 21) & 2147483647) % 1000000 as cents,
            timestamp '2025-06-01' + make_interval(mins => (i % 500000)::integer) as paid_at
        from generate_series(1, {rows}::bigint) as i
    ) as numbers
"""
LANDING = f"{NAMESPACE}_landing.payments"
SAME_TABLE = f"{NAMESPACE}_landing.payments_by_copy"
TEXT_TABLE = f"{NAMESPACE}_landing.payments_as_text"
TABLES = f"""
    drop table if exists {SAME_TABLE}, {TEXT_TABLE};
    create table {SAME_TABLE} (like {LANDING} including all);
    create table {TEXT_TABLE} as select {COLUMNS} from {LANDING} with no data;
    create temporary sequence if not exists bench_row_number cache 1000;
    set trustgate.batch_id = 'bench-payments-1';
    set trustgate.row_number_sequence = 'pg_temp.bench_row_number';
"""
"""What COPY loads: landing's own columns with their defaults, and the file's columns only."""
EMPTY = f"""
    truncate {LANDING}, {SAME_TABLE}, {TEXT_TABLE};
    delete from {NAMESPACE}_quality.batches where entity = 'payments' and dataset = 'bench';
    delete from {NAMESPACE}_quality.batch_workers
    where batch_id not in (select batch_id from {NAMESPACE}_quality.batches);
"""
"""Else a file with the same content would be skipped, and one load would find another's rows."""


def measure(place: Workplace, connection: psycopg.Connection, rows: int, rounds: int) -> int:
    """Measure and print. Arguments as in `checks.measure`.

    Returns: Greatest resident memory of the runner, bytes.
    """
    pipeline = open_pipeline(place)
    folder = place.home / "loading"
    file, one_record = folder / "all", folder / "one"
    for directory, count in ((file, rows), (one_record, 1)):
        directory.mkdir(parents=True)
        _write(connection, directory / "payments.csv", count)
    _load(pipeline, one_record)
    connection.execute(TABLES)
    figures, peak = Figures(), 0
    for _ in range(rounds):
        for name, table in (("same", SAME_TABLE), ("text", TEXT_TABLE)):
            _make_even(connection)
            figures.note(name, _copied(connection, table, file / "payments.csv"))
        _make_even(connection)
        own = _load(pipeline, one_record)
        _make_even(connection)
        done = _load(pipeline, file)
        peak = max(peak, done.peak_bytes)
        figures.note("runner", own.seconds)
        figures.note("load", max(done.seconds - own.seconds, 0.01))
    size = (file / "payments.csv").stat().st_size
    connection.execute(EMPTY)
    connection.execute(f"drop table {SAME_TABLE}, {TEXT_TABLE}")
    shutil.rmtree(folder)
    _print(figures, rows, size, peak)
    return peak


def _write(connection: psycopg.Connection, path: Path, rows: int) -> None:
    statement = f"copy ({PAYMENTS.format(rows=rows)}) to stdout (format csv, header true)"
    with connection.cursor() as cursor, path.open("wb") as file, cursor.copy(statement) as copy:
        for chunk in copy:
            file.write(chunk)


def _load(pipeline: Pipeline, directory: Path) -> ProcessRun:
    return pipeline.runner("load", str(directory), "--dataset", "bench")


def _make_even(connection: psycopg.Connection) -> None:
    """Empty tables and nothing left to write, so that nobody pays for the one before."""
    connection.execute(EMPTY)
    connection.execute("checkpoint")


def _copied(connection: psycopg.Connection, table: str, path: Path) -> float:
    """Seconds of COPY from this side of the connection, as `psql`'s `\\copy` does it."""
    statement = f"copy {table} ({COLUMNS}) from stdin (format csv, header true)"

    def copy_file() -> None:
        with (
            path.open("rb") as file,
            connection.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            while chunk := file.read(CHUNK_BYTES):
                copy.write(chunk)

    return seconds_of(copy_file)


def _print(figures: Figures, rows: int, size: int, peak: int) -> None:
    heading(
        f"Loading, a CSV of {rows:,} payments, {size / 1e6:,.1f} MB (median; runner's own cost"
        " subtracted)"
    )
    line("COPY into a table like landing's, defaults and all", figures.median("same"), rows)
    line("COPY into the file's columns only, as text", figures.median("text"), rows)
    own = figures.median("runner")
    line("runner load", figures.median("load"), rows, f"runner itself {own:.2f} s, with one record")
    against("speed of runner load to COPY's", figures.ratio("same", "load"), ">= 0.8")
    against("the same to COPY into text columns only", figures.ratio("text", "load"))
    print(f"Greatest memory of runner load: {peak / MEBIBYTE:.0f} MiB, to reach: 200")
