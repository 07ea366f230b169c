"""`python -m bench`: measure Trustgate on generated data, against references of the same run."""

import argparse
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import checks, failing, loading, overhead, reconciliation, whole_job
from bench.data import BATCHES, fill
from bench.dbt_process import run_dbt
from bench.errors import BenchError
from bench.peers import comparison
from bench.workplace import Workplace, open_workplace

MEBIBYTE = 1024 * 1024
Measure = Callable[[Workplace, psycopg.Connection, int, int], int]


@dataclass(frozen=True)
class Section:
    """One part of the bench.

    Attributes:
        measure: Measures and prints; returns the greatest memory of a process of ours, bytes.
        needs_charges: Whether it works on the bench project and its data.
        is_usual: Whether it runs when none is named.
    """

    measure: Measure
    needs_charges: bool = True
    is_usual: bool = True


SECTIONS = {
    "checks": Section(checks.measure),
    "reconciliation": Section(reconciliation.measure),
    "loading": Section(loading.measure, needs_charges=False),
    "overhead": Section(overhead.measure, needs_charges=False),
    "failing": Section(failing.measure, needs_charges=False, is_usual=False),
    "whole-job": Section(whole_job.measure, needs_charges=False, is_usual=False),
    "peers": Section(comparison.measure, is_usual=False),
}


def main() -> None:
    """Make the data, measure in interleaved rounds, print ratios."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="records, default 1,000,000")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds, default 3")
    usual = [name for name, section in SECTIONS.items() if section.is_usual]
    parser.add_argument(
        "--only",
        type=_sections,
        default=usual,
        metavar="SECTIONS",
        help=f"some of {','.join(SECTIONS)}; default {','.join(usual)}",
    )
    arguments = parser.parse_args()
    chosen = [SECTIONS[name] for name in arguments.only]
    home = Path(tempfile.mkdtemp(prefix="tgbench"))
    try:
        with open_workplace(home / "home") as place:
            if any(section.needs_charges for section in chosen):
                _prepare(place, arguments.rows)
            with place.connect() as connection:
                peaks = [
                    section.measure(place, connection, arguments.rows, arguments.rounds)
                    for section in chosen
                ]
        print(
            f"\nGreatest memory of a process of ours: {max(peaks) / MEBIBYTE:.0f} MiB,"
            " to reach: 200"
        )
    except BenchError as error:
        raise SystemExit(f"Error: {error}") from error
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _sections(text: str) -> list[str]:
    """Names of sections, in the order they are measured."""
    given = [name.strip() for name in text.split(",")]
    for name in given:
        if name not in SECTIONS:
            raise argparse.ArgumentTypeError(f"there is no {name!r}, only {', '.join(SECTIONS)}")
    return [name for name in SECTIONS if name in given]


def _prepare(place: Workplace, rows: int) -> None:
    """Tables in both namespaces, data in one, parents checked."""
    print(f"Making {rows:,} records …", flush=True)
    for namespace in ("", "empty"):
        with place.connect() as connection:
            connection.execute(BATCHES.format(ns=f"{namespace}_" if namespace else ""))
            run_dbt(place.project, "run", "--select", "tag:intake", "path:models/given",
                    namespace=namespace)  # fmt: skip
            if not namespace:
                fill(connection, rows)
        checked = ("base_purchases", "stg_purchases", "dq_rules", "base_charges", "dq_results")
        run_dbt(
            place.project, "run", "--select", *checked, "base_plain_charges", namespace=namespace
        )


if __name__ == "__main__":
    main()
