"""`python -m bench`: measure Trustgate on generated data, against references of the same run."""

import argparse
import shutil
import tempfile
from pathlib import Path

from bench import checks, reconciliation
from bench.data import BATCHES, fill
from bench.dbt_process import run_dbt
from bench.workplace import Workplace, open_workplace

MEBIBYTE = 1024 * 1024


def main() -> None:
    """Make the data, measure in interleaved rounds, print ratios."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="records, default 1,000,000")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds, default 3")
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="tgbench"))
    try:
        with open_workplace(home / "home") as place:
            _prepare(place, arguments.rows)
            with place.connect() as connection:
                peaks = [
                    measure(place, connection, arguments.rows, arguments.rounds)
                    for measure in (checks.measure, reconciliation.measure)
                ]
        print(f"\nGreatest memory of a dbt process: {max(peaks) / MEBIBYTE:.0f} MiB, to reach: 200")
    finally:
        shutil.rmtree(home, ignore_errors=True)


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
        run_dbt(place.project, "run", "--select", "base_purchases", "stg_purchases", "dq_rules",
                "base_charges", "plain_charges", "dq_results", namespace=namespace)  # fmt: skip


if __name__ == "__main__":
    main()
