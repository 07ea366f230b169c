"""What is built anew or declared otherwise leaves nothing behind; the tests follow one another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from ..conftest import MakePipeline
from ..pipeline import Pipeline
from .candidates import overlooked
from .state import differences, judgement, published

BUILD = ("run", "--exclude", "tag:intake")
LOADED_AT = datetime(2026, 6, 1, tzinfo=timezone.utc)
ON = "2026-01-01T00:00:00Z"
ORDERS, PAYMENTS, REVENUE = "models/orders", "models/payments", "models/revenue"
SHUT = "select check_id from quality.gate where not is_open order by 1"


def load(pipeline: Pipeline, batch: str, numbers: range, status: str = "approved") -> None:
    """Load orders, each with a payment on a day of its own; the first is paid a cent too much."""
    at = LOADED_AT + timedelta(hours=len(pipeline.query("select 1 from quality.batches")))
    updated = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    orders = [(f"O-{n}", "C-1", status, "BRL", "10.00", ON, updated) for n in numbers]
    payments = [
        (
            *(f"P-{n}", f"O-{n}", "boleto", "10.01" if n == 1 else "10.00", "BRL", "captured"),
            *(f"2026-01-{n:02}T12:00:00Z", updated),
        )
        for n in numbers
    ]
    pipeline.load("orders", list(enumerate(orders, 1)), f"{batch}-orders", at)
    pipeline.load("payments", list(enumerate(payments, 1)), f"{batch}-payments", at)


def correct(pipeline: Pipeline, payment: str, field: str, value: str) -> None:
    """Correct a payment's field, as `runner correct` does."""
    pipeline.query(
        """
        insert into quality.corrections (
            correction_id, dataset, entity, record_key, record_id, field, new_value, reason,
            corrected_by, corrected_at
        )
        select
            gen_random_uuid(), _dataset, 'payments', _record_key, _record_id, %s, %s, 'test',
            'test', clock_timestamp()
        from staging.base_payments where _record_key = %s
        """,
        [field, value, payment],
    )


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Iterator[Pipeline]:
    made = make_pipeline("shop")
    made.runs("run", "--select", "tag:intake")
    load(made, "first", range(1, 13))
    made.runs(*BUILD)
    assert made.query(SHUT) == []
    yield made


def test_a_mart_made_while_the_gate_is_shut_is_whole_once_it_opens(pipeline: Pipeline) -> None:
    load(pipeline, "lost", range(13, 14), status="lost")
    pipeline.query("drop table marts.fct_orders cascade")
    pipeline.runs(*BUILD)
    assert pipeline.query(SHUT)
    assert pipeline.value("select count(*) from marts.fct_orders") == 0
    load(pipeline, "found", range(13, 14))
    pipeline.runs(*BUILD)
    assert pipeline.query(SHUT) == []
    assert pipeline.value("select count(*) from marts.fct_orders") == 13


def test_a_batch_without_a_latest_version_has_no_score(pipeline: Pipeline) -> None:
    scored = "select batch_id from quality.dq_scorecard where entity = 'orders' order by 1"
    batches = pipeline.query(scored.replace("'orders'", "'orders' and batch_id is not null"))
    assert batches == [("first-orders",), ("found-orders",)]


def test_another_tolerance_compares_everything_again(pipeline: Pipeline) -> None:
    declared = f"{ORDERS}/recon_order_totals.sql"
    found = "select record_key from quality.recon_order_totals where not is_summary"
    status = "select reconciliation_status from candidate.fct_orders where order_id = 'O-1'"
    for old, new, differing, expected in (
        ("0.01", "0", [("O-1",)], "MISMATCHED"),
        ("0", "0.01", [], "MATCHED"),
    ):
        pipeline.edit(declared, f"{{'total': '{old}'}}", f"{{'total': '{new}'}}")
        pipeline.runs(*BUILD)
        assert pipeline.query(found) == differing
        assert pipeline.value(status) == expected


def test_another_type_compares_everything_as_received_again(pipeline: Pipeline) -> None:
    declared = (pipeline.root / PAYMENTS / "payments.yml").read_text()
    found = "select record_key from quality.recon_payments_raw_candidate where not is_summary"
    for type_, differing in (("numeric(14,1)", [("P-1",)]), ("numeric(14,2)", [])):
        pipeline.write(f"{PAYMENTS}/payments.yml", declared.replace("numeric(14,2)", type_))
        pipeline.runs(*BUILD)
        assert pipeline.query(found) == differing


@pytest.mark.parametrize("entity", ["orders", "payments"])
def test_base_built_anew_leaves_nothing_of_what_its_records_were(
    pipeline: Pipeline, entity: str
) -> None:
    days = {"orders": "2026-02-04T10:00:00Z", "payments": "2026-02-05T10:00:00Z"}
    correct(pipeline, "P-3", "paid_at", days[entity])
    correct(pipeline, "P-4", "order_id", {"orders": "O-5", "payments": "O-6"}[entity])
    pipeline.runs("run", "--full-refresh", "--select", f"base_{entity}")
    pipeline.runs(*BUILD)
    assert overlooked(pipeline) == {}
    stood = judgement(pipeline)
    assert stood["recon_payments_orders"]
    pipeline.runs(*BUILD, "--vars", "{deep: true}")
    assert differences(stood, judgement(pipeline)) == {}


def test_what_was_corrected_back_stands_as_it_was_published(pipeline: Pipeline) -> None:
    before = published(pipeline)
    pipeline.query("update quality.corrections set reverted_at = now()")
    pipeline.runs("run", "--full-refresh", "--select", "base_payments")
    pipeline.runs(*BUILD)
    assert pipeline.query(SHUT) == []
    assert overlooked(pipeline) == {}
    assert differences(before, published(pipeline)) == {}


def test_a_reconciliation_that_is_not_registered_is_kept_current(pipeline: Pipeline) -> None:
    pipeline.write(
        f"{ORDERS}/recon_unregistered.sql",
        """
        {{ trustgate.reconcile_rows(
            source={
                'relation': 'stg_orders', 'entity': 'orders', 'where': "side.order_id <> 'O-7'"
            },
            target={'relation': 'base_orders', 'entity': 'orders', 'records': 'latest'},
            key='order_id',
        ) }}
        """,
    )
    found = "select record_key, match_status from quality.recon_unregistered where not is_summary"
    for _ in range(2):
        pipeline.runs("run", "--select", "recon_unregistered")
        assert pipeline.query(found) == [("O-7", "TARGET_ONLY")]
    (pipeline.root / ORDERS / "recon_unregistered.sql").unlink()


def test_a_reconciliation_taken_out_is_waited_for_no_more(pipeline: Pipeline) -> None:
    pipeline.edit("dbt_project.yml", "      - recon_daily_revenue\n", "")
    (pipeline.root / REVENUE / "recon_daily_revenue.sql").unlink()
    described = (pipeline.root / REVENUE / "revenue.yml").read_text()
    models = re.split(r"(?m)^(?=  - name: )", described)
    left = [model for model in models if not model.startswith("  - name: recon_daily_revenue\n")]
    assert len(left) == len(models) - 1
    pipeline.write(f"{REVENUE}/revenue.yml", "".join(left))
    load(pipeline, "second", range(14, 15))
    pipeline.runs("run")
    assert pipeline.query(SHUT) == []


def test_a_column_declared_later_keeps_the_values_that_arrive(pipeline: Pipeline) -> None:
    updated_at = "      - {name: updated_at,"
    channel = "      - {name: channel, data_type: text, description: Where it came from.}\n"
    pipeline.edit(f"{ORDERS}/orders.yml", updated_at, channel + updated_at)
    pipeline.runs("run", "--select", "tag:intake")
    order = ("O-15", "C-1", "approved", "BRL", "10.00", ON, "shop", ON)
    pipeline.load("orders", [(1, order)], "third-orders", LOADED_AT + timedelta(days=1))
    pipeline.runs(*BUILD)
    channels = "select order_id, channel from staging.stg_orders where channel is not null"
    assert pipeline.query(channels) == [("O-15", "shop")]
    pipeline.runs(*BUILD, "--vars", "{deep: true}")
    assert pipeline.value("select is_open from quality.gate where check_id = 'recon_chain'")


def test_a_record_of_raw_that_was_altered_shows_whatever_columns_came_later(
    pipeline: Pipeline,
) -> None:
    pipeline.query("update raw.orders set customer_id = 'C-2' where order_id = 'O-2'")
    pipeline.runs(*BUILD, "--vars", "{deep: true}")
    assert not pipeline.value("select is_open from quality.gate where check_id = 'recon_chain'")
