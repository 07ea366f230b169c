"""Verdicts with twelve rules against the same model without rules, and against twelve dbt tests."""

import psycopg

from bench.data import add_next_day, remove_next_days
from bench.dbt_process import run_dbt
from bench.figures import REPEATED, WRITTEN, Figures, against, heading, line, seconds_of
from bench.workplace import Workplace

FLOOR = "select sum(hash_record_extended(t, 0)) from messy as t"
TYPED = ("run", "--full-refresh", "--select", "base_plain_charges")
CHECKED = ("run", "--full-refresh", "--select", "base_charges", "dq_results")
NEXT_DAY = ("run", "--select", "base_charges", "dq_results")
TESTS = ("test", "--select", "test_type:singular,package:trustgate_bench")
VACUUMED = "vacuum"
"""Before a table is rebuilt: autovacuum then has nothing left to do of earlier builds."""
NOTHING = "empty"
"""Namespace of the same project without any record: what dbt itself costs."""


def measure(place: Workplace, connection: psycopg.Connection, rows: int, rounds: int) -> int:
    """Measure and print.

    Args:
        rows: Charges in raw.
        rounds: Interleaved rounds, >= 1.
    Returns: Greatest resident memory of a dbt process, bytes.
    """
    figures, peak = Figures(), 0
    connection.execute(FLOOR)
    for _ in range(rounds):
        figures.note("floor", seconds_of(lambda: connection.execute(FLOOR), times=REPEATED))
        connection.execute("truncate quality.dq_results")
        for name, command in (("typed", TYPED), ("tests", TESTS), ("checked", CHECKED)):
            own = run_dbt(place.project, *command, namespace=NOTHING)
            if command is not TESTS:
                connection.execute(VACUUMED)
            connection.execute(WRITTEN)
            done = run_dbt(place.project, *command)
            peak = max(peak, done.peak_bytes)
            figures.note_net(name, [own.seconds], [done.seconds])
        figures.note(
            "extra", max(figures.rounds["checked"][-1] - figures.rounds["typed"][-1], 0.01)
        )
        figures.note("typed and tests", figures.rounds["typed"][-1] + figures.rounds["tests"][-1])
        _measure_next_days(place, connection, rows, figures)
    _print(figures, rows)
    return peak


def _measure_next_days(
    place: Workplace, connection: psycopg.Connection, rows: int, figures: Figures
) -> None:
    """Record several days in a row, each with a run with nothing new before it."""
    own, done = [], []
    for day in range(1, REPEATED + 1):
        own.append(run_dbt(place.project, *NEXT_DAY).seconds)
        add_next_day(connection, rows, day)
        connection.execute(WRITTEN)
        done.append(run_dbt(place.project, *NEXT_DAY).seconds)
    remove_next_days(connection)
    figures.note_net("next day", own, done)


def _print(figures: Figures, rows: int) -> None:
    heading(f"Per-record checks, 12 rules, {rows:,} records (median; dbt's own cost subtracted)")
    for name, label in (
        ("floor", "floor: one hash of every row"),
        ("typed", "typed model without rules"),
        ("checked", "base with 12 rules, and dq_results"),
        ("tests", "12 dbt tests with store_failures, 4 threads"),
        ("next day", "the day after, 1 % new records"),
    ):
        own = f"dbt of {name}"
        cost = f"dbt itself {figures.median(own):.2f} s" if own in figures.rounds else ""
        line(label, figures.median(name), rows // 100 if name == "next day" else rows, cost)
    against(
        "rules and results above the typed model, to the floor",
        figures.ratio("extra", "floor"),
        "<= 9",
    )
    against(
        "base and results to typed model and 12 tests",
        figures.ratio("checked", "typed and tests"),
        "<= 0.75 at 1 M, <= 1.0 at 10 M",
    )
    against("the day after to 12 tests", figures.ratio("next day", "tests"), "<= 0.1")
