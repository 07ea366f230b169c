"""reladiff's join diff of two tables, all columns; run with the Python reladiff is installed in."""

import importlib
from typing import Any

from bench.peers.peer_process import Work, answer

KEY = "charge_id"
COMPARED = (
    *("purchase_id", "reference", "method", "amount", "currency"),
    *("payer_email", "status", "paid_at"),
)
THREADS = 4
"""As many as dbt has here; by itself it takes one, and longer."""


def compare(reladiff: Any, work: Work) -> tuple[int, int]:
    """Compare two tables by key; what differs is fetched, row by row."""
    database = reladiff.connect(
        {
            "driver": "postgresql",
            "host": work.host,
            "port": work.port,
            "user": work.user,
            "dbname": work.database,
        },
        thread_count=THREADS,
    )
    source, target = (
        reladiff.connect_to_table(database, table, KEY, extra_columns=COMPARED)
        for table in work.tables
    )
    differing = set()
    with reladiff.diff_tables(
        source,
        target,
        algorithm=reladiff.Algorithm.JOINDIFF,
        max_threadpool_size=2 * THREADS,
        allow_empty_tables=True,
    ) as found:
        for _, row in found:
            differing.add(row[0])
    database.close()
    return len(differing), len(differing)


if __name__ == "__main__":
    answer(lambda: importlib.import_module("reladiff"), "reladiff", compare)
