"""What a record was is looked at again when it is read otherwise; the tests follow one another."""

from __future__ import annotations

import pytest

from ..exceptions.conftest import BUILD, LOADED_AT, Call, Shop
from ..layers.candidates import overlooked

DRIFTING_DAYS = """
    select grain ->> 'revenue_date', expected_value::integer, actual_value::integer
    from quality.recon_daily_revenue
    where metric_name = 'payment_count' and not is_summary
    order by 1
"""
FOLLOWS = "{{ trustgate.changed_records(layer.of) | indent(12) }}"
FOLLOWS_NOT = (
    "select * from {{ ref('base_' ~ layer.of) }} where {{ trustgate.in_increment(layer.of) }}"
)
VERSION = "        version: updated_at\n"
ANOTHER_ZONE = f"{VERSION}        time_zone: Asia/Tokyo\n"
BY_REFERENCE = """
{{ trustgate.reconcile_rows(
    source={
        'relation': 'stg_orders',
        'entity': 'orders',
        'columns': {'reference': 'side.order_id', 'total': 'side.order_total'},
    },
    target={
        'relation': 'stg_payments',
        'entity': 'payments',
        'columns': {'reference': 'side.order_id', 'total': 'side.amount'},
    },
    key='reference',
    compare={'total': '0'},
) }}
"""
SCOPE, RULES = "package/macros/layers/begin_layer.sql", "models/payments/payments.yml"


@pytest.fixture(scope="module", autouse=True)
def local_times(shop: Shop) -> None:
    """Two orders, each with a payment at three in the morning."""
    on = "2026-01-01T00:00:00Z"
    orders = [(f"L-{n}", "C-1", "approved", "BRL", "10.00", on, on) for n in (1, 2)]
    payments = [
        (f"P-L-{n}", f"L-{n}", "boleto", "10.00", "BRL", "captured", f"1/1{n}/2026 3:00", on)
        for n in (1, 2)
    ]
    shop.pipeline.load("orders", list(enumerate(orders, 1)), "local-orders", LOADED_AT)
    shop.pipeline.load("payments", list(enumerate(payments, 1)), "local-payments", LOADED_AT)
    shop.pipeline.runs(*BUILD)


def days_of(shop: Shop) -> list[str]:
    """The days of the payments whose paid_at has no offset."""
    days = """
        select (paid_at at time zone 'UTC')::date::text
        from candidate.fct_payments where payment_id like 'P-L%' order by 1
    """
    return [day for (day,) in shop.pipeline.query(days)]


@pytest.mark.parametrize("change", ["paid_at=2026-03-03T10:00:00Z", "currency=USD"])
def test_a_corrected_payment_counts_in_one_day_only(call: Call, shop: Shop, change: str) -> None:
    payment = "select * from candidate.fct_payments where payment_id = 'P-G-1'"
    before = shop.pipeline.query(payment)
    assert call("correct", "payments", "P-G-1", change, "--reason", "T-4", "--reprocess").code < 2
    assert shop.pipeline.query(payment) != before
    assert overlooked(shop.pipeline) == {}
    (made,) = [row for row in call("correct", "list", "--json").json if row["state"] == "applied"]
    assert call("correct", "revert", made["correction_id"][:8], "--reprocess").code < 2
    assert overlooked(shop.pipeline) == {}


def test_other_formats_move_payments_to_other_days(shop: Shop) -> None:
    assert days_of(shop) == ["2026-01-11", "2026-01-12"]
    shop.pipeline.edit(RULES, VERSION, ANOTHER_ZONE)
    shop.pipeline.query(
        """
        insert into quality.reprocess_requests (
            request_id, dataset, entity, scope, requested_by, requested_at
        ) values (gen_random_uuid(), 'shop', 'payments', 'stale_rules', 'test', now())
        """
    )
    shop.pipeline.runs(*BUILD)
    assert days_of(shop) == ["2026-01-10", "2026-01-11"]
    assert overlooked(shop.pipeline) == {}
    drifting = {day for day, *_ in shop.pipeline.query(DRIFTING_DAYS)}
    assert not drifting & {"2026-01-10", "2026-01-11", "2026-01-12"}


def test_an_older_version_that_stands_again_counts_where_it_was(call: Call, shop: Shop) -> None:
    on = "2026-01-01T00:00:00Z"
    orders = [(f"V-{n}", "C-1", "approved", "BRL", "10.00", on, on) for n in (1, 2)]
    versions = [
        ("P-V", f"V-{n}", "boleto", "10.00", "BRL", "captured", f"2026-04-0{n}T00:00:00Z", at)
        for n, at in ((1, on), (2, "2026-01-02T00:00:00Z"))
    ]
    paid = """
        select order_id, paid_total::integer
        from candidate.fct_orders where order_id like 'V-%' order by 1
    """
    shop.pipeline.load("orders", list(enumerate(orders, 1)), "versions-orders", LOADED_AT)
    shop.pipeline.load("payments", list(enumerate(versions, 1)), "versions-payments", LOADED_AT)
    shop.pipeline.runs(*BUILD)
    assert shop.pipeline.query(paid) == [("V-1", None), ("V-2", 10)]
    lost = ("payments", "P-V", "status=lost")
    assert call("correct", *lost, "--reason", "T-7", "--reprocess").code < 2
    assert shop.pipeline.query(paid) == [("V-1", 10), ("V-2", None)]
    assert overlooked(shop.pipeline) == {}


def test_a_key_by_another_name_is_compared_again(call: Call, shop: Shop) -> None:
    shop.pipeline.write("models/orders/recon_by_reference.sql", BY_REFERENCE)
    found = "select record_key from quality.recon_by_reference where not is_summary"
    shop.pipeline.runs(*BUILD)
    assert "G-1" not in {key for (key,) in shop.pipeline.query(found)}
    assert call("correct", "payments", "P-G-1", "amount=9", "--reason", "T-6").code == 0
    shop.pipeline.runs(*BUILD)
    assert "G-1" in {key for (key,) in shop.pipeline.query(found)}


def test_values_are_forgotten_once_every_layer_has_followed(shop: Shop) -> None:
    kept = "select count(*) > 0 from quality.former_records where record is not null"
    assert shop.pipeline.value(kept)
    shop.load("next", [("G-2", "approved", "10.00", "02")])
    shop.pipeline.runs(*BUILD)
    assert not shop.pipeline.value(kept)


def test_a_candidate_that_does_not_look_again_is_found(call: Call, shop: Shop) -> None:
    """The last of these tests: it leaves a candidate that is wrong."""
    shop.pipeline.edit(SCOPE, FOLLOWS, FOLLOWS_NOT)
    moved = "paid_at=2026-03-03T10:00:00Z"
    assert call("correct", "payments", "P-L-1", moved, "--reason", "T-5", "--reprocess").code == 1
    assert ("2026-01-10", None, 1) in shop.pipeline.query(DRIFTING_DAYS)
