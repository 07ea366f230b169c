"""`runner load` of a file, plain, quoted and packed, against a bare COPY of the same file."""

import gzip
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
LANDING = f"{NAMESPACE}_landing"
QUALITY = f"{NAMESPACE}_quality"
TEXT_TABLE = f"{LANDING}.payments_as_text"
TABLES = f"""
    drop table if exists {TEXT_TABLE};
    create table {TEXT_TABLE} as select {COLUMNS} from {LANDING}.payments with no data;
"""
"""What COPY loads: the file's columns, as text, logged as any table is."""
EMPTY = f"""
    truncate {TEXT_TABLE};
    delete from {QUALITY}.batch_workers
    where batch_id in (select batch_id from {QUALITY}.batches where dataset = 'bench');
    delete from {QUALITY}.batches where dataset = 'bench';
    do $slices$
    declare
        slice regclass;
    begin
        for slice in
            select inhrelid from pg_inherits where inhparent = '{LANDING}.payments'::regclass
        loop
            execute format('drop table %s', slice);
        end loop;
    end
    $slices$;
"""
"""Else a file with the same content would be skipped."""
FORMATS = {"plain": "payments.csv", "quoted": "payments.csv", "packed": "payments.csv.gz"}


def measure(place: Workplace, connection: psycopg.Connection, rows: int, rounds: int) -> int:
    """Measure and print. Arguments as in `checks.measure`.

    Returns: Greatest resident memory of a process of the runner, bytes.
    """
    pipeline = open_pipeline(place)
    folder = place.home / "loading"
    one_record = folder / "one"
    for directory in (one_record, *(folder / name for name in FORMATS)):
        directory.mkdir(parents=True)
    _write(connection, one_record / "payments.csv", 1)
    _write(connection, folder / "plain" / "payments.csv", rows)
    _write(connection, folder / "quoted" / "payments.csv", rows, ", force_quote *")
    with (
        (folder / "plain" / "payments.csv").open("rb") as plain,
        gzip.open(folder / "packed" / "payments.csv.gz", "wb", compresslevel=6) as packed,
    ):
        shutil.copyfileobj(plain, packed)
    _load(pipeline, one_record)
    connection.execute(TABLES)
    figures, peak = Figures(), 0
    for _ in range(rounds):
        for name in ("plain", "quoted"):
            _make_even(connection)
            figures.note(f"copy {name}", _copied(connection, folder / name / "payments.csv"))
        for workers in (1, 2):
            _make_even(connection)
            figures.note(f"runner {workers}", _load(pipeline, one_record, workers).seconds)
            for name in FORMATS:
                _make_even(connection)
                done = _load(pipeline, folder / name, workers)
                peak = max(peak, done.peak_bytes)
                figures.note(f"{name} {workers}", _load_seconds(connection))
    size = (folder / "plain" / "payments.csv").stat().st_size
    connection.execute(EMPTY)
    connection.execute(f"drop table {TEXT_TABLE}")
    shutil.rmtree(folder)
    _print(figures, rows, size, peak)
    return peak


def _write(connection: psycopg.Connection, path: Path, rows: int, options: str = "") -> None:
    statement = f"copy ({PAYMENTS.format(rows=rows)}) to stdout (format csv, header true{options})"
    with connection.cursor() as cursor, path.open("wb") as file, cursor.copy(statement) as copy:
        for chunk in copy:
            file.write(chunk)


def _load(pipeline: Pipeline, directory: Path, workers: int = 1) -> ProcessRun:
    return pipeline.runner("load", str(directory), "--dataset", "bench", "--workers", str(workers))


def _load_seconds(connection: psycopg.Connection) -> float:
    """From looking for files, before any worker is started, until everybody can see them.

    The modules of workers are read before, while dbt reads the project.
    """
    found = connection.execute(
        f"select extract(epoch from loaded_at - started_at) from {QUALITY}.batches"
        " where dataset = 'bench'"
    ).fetchall()
    ((seconds,),) = found
    return float(seconds)


def _make_even(connection: psycopg.Connection) -> None:
    """Empty tables and nothing left to write, so that nobody pays for the one before."""
    connection.execute(EMPTY)
    connection.execute("checkpoint")


def _copied(connection: psycopg.Connection, path: Path) -> float:
    """Seconds of COPY from this side of the connection, as `psql`'s `\\copy` does it."""
    statement = f"copy {TEXT_TABLE} ({COLUMNS}) from stdin (format csv, header true)"

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
        f"Loading, a CSV of {rows:,} payments, {size / 1e6:,.1f} MB (median; a load with the start"
        " of its workers, without that of the runner)"
    )
    line("COPY into the file's columns, as text", figures.median("copy plain"), rows)
    line("COPY of the same, every value in quotes", figures.median("copy quoted"), rows)
    for workers, label in ((1, "one worker"), (2, "two workers")):
        own = figures.median(f"runner {workers}")
        for name in FORMATS:
            note = f"all of the runner with one record: {own:.2f} s" if name == "plain" else ""
            line(f"runner load, {label}, {name}", figures.median(f"{name} {workers}"), rows, note)
    against("speed of runner load to COPY's", figures.ratio("copy plain", "plain 1"), ">= 0.8")
    against("the same, every value in quotes", figures.ratio("copy quoted", "quoted 1"), ">= 0.8")
    against("speed of two workers to one's", figures.ratio("plain 1", "plain 2"), ">= 1.4")
    print(f"Greatest memory of a process: {peak / MEBIBYTE:.0f} MiB, to reach: 200 for them all")
