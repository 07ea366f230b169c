"""An increment costs what came, with statistics that know nothing of what came."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from runner.postgres import embedded
from runner.postgres.embedded import Embedded

from ..database import database_of
from ..exceptions.conftest import BUILD, LOADED_AT
from ..pipeline import Pipeline, copy_project

SETTINGS = {
    "autovacuum": "off",
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_format": "json",
}
ORDERS, CHANGED = 2_000, 350
"""Each with two payments. Changes are fewer than a fifth: no table is analyzed because of them."""
MANY = 60_000
"""A loop over 350 changed orders for each gives 122,500 rows, half where a match ends it."""
_days = itertools.count(1)


@pytest.fixture(scope="module")
def explained(scratch_folder: Path) -> Iterator[Embedded]:
    """A server that writes the plan of each statement to its log and analyzes nothing by itself."""
    place = Embedded(scratch_folder / "plans")
    embedded.start(place)
    with database_of(place).connect() as connection:
        for name, value in SETTINGS.items():
            setting = sql.Identifier(*name.split("."))
            connection.execute(sql.SQL("alter system set {} = {}").format(setting, value))
        connection.execute("select pg_reload_conf()")
    yield place
    embedded.stop(place)


@pytest.fixture(scope="module")
def pipeline(explained: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    root = tmp_path_factory.mktemp("plans") / "project"
    copy_project(root, database_of(explained))
    made = Pipeline(root, database_of(explained), "plans", "plans")
    made.runs("run", "--select", "tag:intake")
    load(made, "first", range(ORDERS), "10.00", LOADED_AT)
    made.runs(*BUILD)
    return made


def load(made: Pipeline, batch: str, numbers: range, amount: str, at: datetime) -> None:
    """Orders with these numbers, each with two payments of the amount."""
    on = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    total = f"{2 * float(amount):.2f}"
    orders = [(f"O-{n}", f"C-{n}", "approved", "BRL", total, on, on) for n in numbers]
    payments = [
        (f"P-{n}-{method}", f"O-{n}", method, amount, "BRL", "captured", on, on)
        for n in numbers
        for method in ("boleto", "voucher")
    ]
    made.load("orders", list(enumerate(orders, 1)), f"{batch}-orders", at)
    made.load("payments", list(enumerate(payments, 1)), f"{batch}-payments", at)


def largest_nodes(log: str) -> dict[str, float]:
    """Of each model in the log, hooks included, the most rows that a node of a plan gave."""
    found: dict[str, float] = {}
    for entry in re.split(r"\n(?=\d{4}-\d\d-\d\d )", log):
        if "plan:" not in entry:
            continue
        described = json.loads(entry[entry.index("plan:") + len("plan:") :])
        named = re.search(r'"node_id": "model\.\w+\.(\w+)"', described["Query Text"])
        if named:
            rows = max(rows_given(described["Plan"]))
            found[named[1]] = max(rows, found.get(named[1], 0))
    return found


def rows_given(node: dict[str, Any]) -> Iterator[float]:
    """Rows that this node of a plan and each below it gave, in all its loops."""
    yield node.get("Actual Rows", 0) * node.get("Actual Loops", 0)
    for below in node.get("Plans", ()):
        yield from rows_given(below)


@pytest.mark.parametrize("workers", [2, 0])
@pytest.mark.parametrize("batch", ["new", "changed"])
def test_no_statement_loops_over_what_came(
    explained: Embedded, pipeline: Pipeline, batch: str, workers: int
) -> None:
    # What workers share may hide a loop that a server without them makes.
    with pipeline.database.connect() as connection:
        connection.execute(f"alter system set max_parallel_workers_per_gather = {workers}")
        connection.execute("select pg_reload_conf()")
    (before,) = pipeline.query("select count(*) from staging.stg_orders")[0]
    day = next(_days)
    first = before if batch == "new" else ORDERS // 2
    load(
        pipeline,
        f"{batch}-{day}",
        range(first, first + CHANGED),
        f"{10 + day}.00",
        LOADED_AT + timedelta(days=day),
    )
    length = explained.log.stat().st_size
    pipeline.runs(*BUILD)
    with explained.log.open("rb") as log:
        log.seek(length)
        given = largest_nodes(log.read().decode())
    assert {"base_payments", "recon_order_totals", "candidate_fct_orders"} <= given.keys()
    assert {model: rows for model, rows in given.items() if rows > MANY} == {}
    compared = pipeline.query("select is_summary, compared from quality.recon_order_totals")
    assert compared == [(True, first + CHANGED if batch == "new" else before)]
