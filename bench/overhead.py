"""What `runner run` adds to the `dbt build` it wraps, and how soon `runner --help` answers."""

import psycopg

from bench.figures import Figures, against, heading, line
from bench.pipeline import Pipeline, help_of_runner, open_pipeline
from bench.timed_process import ProcessRun
from bench.workplace import Workplace

DATASET = "good"
"""The bundled one: a few records, so that what is left is the cost of the tools."""
HELPS = 5
"""Calls of `runner --help` in a round."""


def measure(place: Workplace, connection: psycopg.Connection, rows: int, rounds: int) -> int:
    """Measure and print. Arguments as in `checks.measure`, `connection` and `rows` unused.

    Returns: Greatest resident memory of the runner, bytes.
    """
    del connection, rows
    pipeline = open_pipeline(place)
    figures, peak = Figures(), 0
    # Twice: what the first builds is new to the second, and dbt has parsed for both.
    for _ in range(2):
        _run(pipeline)
        _build(pipeline)
    for number in range(rounds):
        for name, work in (("run", _run), ("build", _build))[:: -1 if number % 2 else 1]:
            done = work(pipeline)
            figures.note(name, done.seconds)
            figures.note(f"processor of {name}", done.processor_seconds)
            if work is _run:
                peak = max(peak, done.peak_bytes)
        for _ in range(HELPS):
            figures.note("help", help_of_runner().seconds)
    heading(f"Overhead, dataset {DATASET}, nothing new to build (median, from the shell)")
    for name, label in (("build", "dbt build"), ("run", "runner run")):
        processor = figures.median(f"processor of {name}")
        line(label, figures.median(name), ratio=f"{processor:.2f} s of processor time")
    line("runner --help", figures.median("help"))
    against("runner run above dbt build", figures.difference("run", "build"), "<= 0.5 s", "s")
    against(
        "the same in processor time, the server's not included",
        figures.difference("processor of run", "processor of build"),
        unit="s",
    )
    against("runner --help", figures.spread("help"), "< 0.15 s", "s")
    return peak


def _run(pipeline: Pipeline) -> ProcessRun:
    return pipeline.runner("run", "--dataset", DATASET)


def _build(pipeline: Pipeline) -> ProcessRun:
    return pipeline.dbt("build", "--exclude-resource-type", "unit_test", dataset=DATASET)
