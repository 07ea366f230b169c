"""Held batches through the whole pipeline: out of base, gate shut, then released or rejected."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from runner.errors import ConfigurationError
from runner.loading.entities import Entity
from runner.loading.load import load
from runner.loading.model import LoadedBatch, LoadRequest
from runner.loading.progress import Watcher
from runner.postgres.database import connected
from runner.postgres.profiles import Profile
from runner.project import Project
from runner.workflow import batches

from ..conftest import MakePipeline
from ..layers.state import judgement, layers
from ..pipeline import Pipeline

ORDERS = Entity(
    "orders",
    (
        *("order_id", "customer_id", "status", "currency", "order_total", "ordered_at"),
        "updated_at",
    ),
    "order_total",
)
PAYMENTS = Entity(
    "payments",
    (
        *("payment_id", "order_id", "method", "amount", "currency", "status", "paid_at"),
        "updated_at",
    ),
    "amount",
)
ORDERS_CSV = "order_id,customer_id,status,currency,order_total,ordered_at,updated_at\n" + "".join(
    f"O-{number},C-1,delivered,BRL,10.00,2025-06-01T10:00:00Z,2025-06-02T10:00:00Z\n"
    for number in range(1, 5)
)
PAYMENT = "P-{0},O-{0},boleto,10.00,BRL,captured,2025-06-01T11:00:00Z,2025-06-02T10:00:00Z\n"
HEADER = "payment_id,order_id,method,amount,currency,status,paid_at,updated_at\n"
BUILD = ("build", "--exclude-resource-type", "test", "unit_test")


class Shop:
    """A pipeline whose files are loaded by the loader."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        database = pipeline.database
        self.project = Project(
            pipeline.root, "trustgate", "trustgate", namespace=pipeline.namespace
        )
        self.profile = Profile(
            *(pipeline.root, "test", database.host, database.port, database.user),
            *(database.name, database.password),
        )

    def load(self, delivery: str, files: dict[str, Any]) -> dict[str, LoadedBatch]:
        folder = self.pipeline.root / "deliveries" / delivery
        folder.mkdir(parents=True)
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (folder / name).write_text(text)
        watcher = Watcher(lambda _words: None, lambda _progress: None)
        with connected(self.profile, self.project) as database:
            found = load(
                *(database, self.profile, self.pipeline.dataset, [ORDERS, PAYMENTS]),
                LoadRequest(folder, workers=2),
                watcher,
            )
        return {batch.file.rpartition("/")[2]: batch for batch in found}

    def decide(self, batch_id: str, status: str) -> None:
        with connected(self.profile, self.project) as database:
            batches.decide(database, batch_id, status, "as agreed", "ada")

    def report(self, batch_id: str) -> batches.BatchReport:
        with connected(self.profile, self.project) as database:
            return batches.report_batch(database, batch_id)

    def fates(self, batch_id: str) -> dict[str, int]:
        return dict(
            self.pipeline.query(
                "select fate, count(*) from quality.record_fates where batch_id = %s group by 1",
                [batch_id],
            )
        )

    def gate(self) -> tuple[int, bool]:
        ((count, is_open),) = self.pipeline.query(
            "select open_count, is_open from quality.gate where check_id = 'payments_held_batches'"
        )
        return count, is_open

    def unbalanced(self) -> Sequence[tuple[Any, ...]]:
        return self.pipeline.query(
            "select batch_id, difference from quality.batch_balance where difference <> 0"
        )

    def broken_chain(self) -> Sequence[tuple[Any, ...]]:
        return self.pipeline.query(
            "select reconciliation, record_key from quality.recon_chain"
            " where not is_summary and match_status <> 'MATCHED' union all"
            " select reconciliation, record_key from quality.recon_balance"
            " where not is_summary and match_status <> 'MATCHED'"
        )


@pytest.fixture(scope="module")
def shop(make_pipeline: MakePipeline) -> tuple[Shop, dict[str, str]]:
    """One good delivery built; then three batches held, and built again."""
    pipeline = make_pipeline("held")
    pipeline.about("good").runs("run", "--select", "tag:intake")
    made = Shop(pipeline)
    made.load("first", {"orders.csv": ORDERS_CSV, "payments.csv": HEADER + PAYMENT.format(1)})
    pipeline.runs(*BUILD)
    said = [{"name": f"payments-{number}.csv", "record_count": 2} for number in (2, 3, 4)]
    files: dict[str, Any] = {
        f"payments-{number}.csv": HEADER + PAYMENT.format(number) for number in (2, 3, 4)
    }
    held = made.load("second", {**files, "manifest.json": {"files": said}})
    pipeline.runs(*BUILD)
    return made, {name: batch.batch_id for name, batch in held.items()}


def test_a_held_batch_is_in_raw_shuts_the_gate_and_goes_no_further_until_decided(
    shop: tuple[Shop, dict[str, str]],
) -> None:
    made, held = shop
    assert made.gate() == (3, False)
    assert made.fates(held["payments-2.csv"]) == {"PENDING": 1}
    assert made.unbalanced() == [] == made.broken_chain()
    assert made.pipeline.value("select count(*) from staging.base_payments") == 1
    exceptions = made.pipeline.query(
        "select record_key, severity, details -> 'record_count' ->> 'expected'"
        " from quality.open_exceptions where check_id = 'held_batches' order by 1"
    )
    assert exceptions == [(batch_id, "CRITICAL", "2") for batch_id in sorted(held.values())]

    made.decide(held["payments-2.csv"], "RELEASED")
    made.decide(held["payments-3.csv"], "REJECTED")
    assert made.gate() == (1, False), "a decision counts at once"
    with pytest.raises(ConfigurationError, match="is RELEASED, by ada"):
        made.decide(held["payments-2.csv"], "REJECTED")
    made.pipeline.runs(*BUILD)
    assert made.fates(held["payments-2.csv"]) == {"PROMOTED": 1}
    assert made.fates(held["payments-3.csv"]) == {"REJECTED": 1}
    assert made.fates(held["payments-4.csv"]) == {"PENDING": 1}
    assert made.unbalanced() == [] == made.broken_chain()
    report = made.report(held["payments-3.csv"])
    assert (report.batch["decided_by"], report.batch["decision_reason"]) == ("ada", "as agreed")
    assert report.fates is not None
    assert (report.fates["sent"], report.fates["rejected"]) == (1, 1)

    incremental = {**layers(made.pipeline), **judgement(made.pipeline)}
    made.pipeline.runs(*BUILD, "--full-refresh")
    assert {**layers(made.pipeline), **judgement(made.pipeline)} == incremental
    assert made.pipeline.query(
        "select tablename from pg_tables where schemaname = %s and tablename like 'payments%%'",
        [f"{made.pipeline.namespace}_landing"],
    ) == [("payments",)]


def test_a_raw_record_altered_after_the_load_breaks_the_chain_when_asked_in_full(
    shop: tuple[Shop, dict[str, str]],
) -> None:
    made, _ = shop
    pipeline = made.pipeline
    deep = ("--vars", '{"deep": true}')
    pipeline.runs("run", "--select", "recon_chain", *deep)
    assert made.broken_chain() == []
    with pipeline.database.connect() as connection:
        connection.execute(
            pipeline.named(
                "update raw.orders set customer_id = 'C-9' where order_id = 'O-1'"
            ).encode()
        )
    pipeline.runs("run", "--select", "recon_chain", *deep)
    broken = made.broken_chain()
    assert len(broken) == 1
    assert "raw to base" in str(broken[0])
