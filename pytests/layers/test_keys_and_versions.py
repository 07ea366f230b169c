"""What is one key, what is the same content, and what is a new version."""

from __future__ import annotations

import random
import string
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

import pytest

from ..conftest import MakePipeline
from ..pipeline import Pipeline

FIRST = datetime(2026, 6, 1, tzinfo=timezone.utc)
READINGS = """
version: 2
models:
  - name: base_readings
    description: Readings of meters. Grain as raw.
    config:
      meta:
        entity: readings
        key: [meter, read_at]
        rules:
          - {id: reading_meter_present, column: meter, check: not_null}
          - {id: reading_note_unique, column: note, check: unique, severity: warn}
    columns:
      - {name: meter, data_type: numeric}
      - {name: read_at, data_type: timestamptz}
      - {name: kwh, data_type: "numeric(14,3)"}
      - {name: note, data_type: text}
"""
CANDIDATE = """
{{ trustgate.candidate(of='readings', key=['meter', 'read_at']) }}
select *, 'NOT_RECONCILED' as reconciliation_status, now() as reconciled_at
from {{ trustgate.promoted('readings') }} as readings
"""
LONG = "".join(random.Random(1).choices(string.ascii_letters, k=6000))


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    made = make_pipeline("good")
    for file in (made.root / "tests").glob("*.sql"):
        file.unlink()
    made.edit(
        "dbt_project.yml", "entities: [orders, payments]", "entities: [orders, payments, readings]"
    )
    made.edit(
        "dbt_project.yml",
        "payments: candidate_fct_payments}",
        "payments: candidate_fct_payments, readings: candidate_fct_readings}",
    )
    for name in ("landing", "raw", "base", "stg"):
        made.write(f"models/readings/{name}_readings.sql", f"{{{{ trustgate.{name}() }}}}\n")
    made.write("models/readings/readings.yml", READINGS)
    made.write("models/readings/candidate_fct_readings.sql", CANDIDATE)
    made.write("models/readings/fct_readings.sql", "{{ trustgate.mart() }}\n")
    made.runs("build", "--select", "tag:intake")
    return made


def deliver(pipeline: Pipeline, *deliveries: Sequence[tuple[str | None, ...]], entity: str) -> None:
    """Load deliveries one after the other, and build."""
    count = pipeline.value("select count(*) from quality.batches")
    for number, delivery in enumerate(deliveries, start=count):
        pipeline.load(
            entity,
            list(enumerate(delivery, start=1)),
            f"{entity}-{number}",
            FIRST + timedelta(days=number),
        )
    pipeline.dbt("build", "--exclude", "tag:intake")


def versions(pipeline: Pipeline, entity: str, condition: str) -> list[tuple[int, bool, bool]]:
    """Number, latest and duplicate of each record, in the order of arrival."""
    return pipeline.query(
        f"select _version_number, _is_latest, _is_duplicate from staging.base_{entity}"
        f" where _dataset = 'good' and {condition} order by _loaded_at, _row_number"
    )


def order(
    key: str, status: str = "approved", total: str = "10.00", updated: str | None = None
) -> tuple[str | None, ...]:
    return (key, "C-1", status, "BRL", total, "2026-05-20T10:00:00Z", updated)


def test_a_key_is_a_value_of_its_type(pipeline: Pipeline) -> None:
    deliver(
        pipeline,
        [
            ("7", "2026-01-05T10:00:00Z", "12.5", "a"),
            ("8", "2026-07-05T10:00:00Z", "3", "b"),
            ("0.50", "2026-01-05", "1", "c"),
        ],
        [
            ("7.0", "2026-01-05T10:00:00.000Z", "13.5", "d"),
            ("08", "2026-07-05T12:00:00+02:00", "4", "e"),
            (".5", "2026-01-05T00:00:00Z", "2", "f"),
            ("70", "2026-01-05T10:00:00Z", "9", "g"),
        ],
        entity="readings",
    )
    latest = "select meter, kwh from staging.base_readings where _is_latest order by meter, kwh"
    assert [tuple(map(float, row)) for row in pipeline.query(latest)] == [
        (0.5, 2), (7, 13.5), (8, 4), (70, 9),
    ]  # fmt: skip
    keys = "select distinct _record_key from staging.base_readings where meter = 7"
    assert pipeline.query(keys) == [("7|2026-01-05 10:00:00+00",)]
    candidate = "select count(*), count(distinct (meter, read_at)) from candidate.fct_readings"
    assert pipeline.query(candidate) == [(4, 4)]


def test_a_value_that_goes_back_is_a_new_version(pipeline: Pipeline) -> None:
    deliver(
        pipeline,
        [
            order("G-1", "shipped"),
            order("G-2", "shipped"),
            order("G-3", "shipped", updated="2026-05-21"),
        ],
        [
            order("G-1", "canceled"),
            order("G-2", "shipped"),
            order("G-3", "canceled", updated="2026-05-22"),
        ],
        [
            order("G-1", "shipped"),
            order("G-2", "canceled"),
            order("G-3", "shipped", updated="2026-05-21"),
        ],
        [
            order("G-1", "shipped"),
            order("G-2", "shipped"),
            order("G-3", "shipped", updated="2026-05-23"),
        ],
        entity="orders",
    )
    assert versions(pipeline, "orders", "order_id = 'G-1'") == [
        (1, False, False), (2, False, False), (3, True, False), (3, False, True),
    ]  # fmt: skip
    assert versions(pipeline, "orders", "order_id = 'G-2'") == [
        (1, False, False), (1, False, True), (2, False, False), (3, True, False),
    ]  # fmt: skip
    # By the time of change, the third delivery repeats the first.
    assert versions(pipeline, "orders", "order_id = 'G-3'") == [
        (1, False, False), (2, False, False), (1, False, True), (3, True, False),
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["20.0", " 20.00 ", "20"])
def test_content_is_what_is_said_and_not_how_it_is_written(pipeline: Pipeline, value: str) -> None:
    key = f"S-{value.strip()}-{len(value)}"
    deliver(
        pipeline,
        [order(key, total="20.00", updated="2026-05-21T10:00:00Z")],
        [order(key, total=value, updated="2026-05-21T12:00:00+02:00")],
        entity="orders",
    )
    assert versions(pipeline, "orders", f"order_id = '{key}'") == [
        (1, True, False),
        (1, False, True),
    ]
    failed = f"select _dq_status from staging.base_orders where order_id = '{key}'"
    assert {status for (status,) in pipeline.query(failed)} == {"PASSED"}


def test_texts_that_cannot_be_read_differ_as_they_are_written(pipeline: Pipeline) -> None:
    deliver(
        pipeline,
        [order("U-1", total="ten", updated="2026-05-21")],
        [order("U-1", total="eleven", updated="2026-05-21")],
        entity="orders",
    )
    assert versions(pipeline, "orders", "order_id = 'U-1'") == [(1, False, False), (2, True, False)]


def test_a_key_too_long_for_an_index_fails_and_stops_nothing(pipeline: Pipeline) -> None:
    moment = "2026-05-20T10:00:00Z"
    deliver(
        pipeline,
        [order(LONG), order(LONG[:2001]), order("é" * 1001), order("L-1")],
        entity="orders",
    )
    paid = ("voucher", "10.00", "BRL", "captured", moment, moment)
    deliver(
        pipeline,
        [("LP-1", LONG, *paid), (LONG, "L-1", *paid), ("LP-2", "L-1", *paid)],
        entity="payments",
    )
    deliver(pipeline, [("1" * 3000, moment, "1", "x"), ("5", moment, "1", LONG)], entity="readings")
    failing = pipeline.query(
        "select length(record_key) > 40, check_id from quality.open_exceptions"
        " where check_id in ('order_id_length', 'payments_keys_fit', 'payment_order_exists',"
        " 'readings_keys_fit', 'reading_meter_present') and record_key not like 'LP-2'"
        " order by check_id"
    )
    assert failing == [
        *[(True, "order_id_length")] * 3,
        (False, "payment_order_exists"),
        (True, "payments_keys_fit"),
        (False, "reading_meter_present"),
        *[(False, "readings_keys_fit")] * 2,
    ]
    sound = "select _dq_status <> 'FAILED' from staging.base_payments where payment_id = 'LP-2'"
    assert pipeline.value(sound)
    assert pipeline.value(f"select count(*) from raw.orders where order_id = '{LONG}'") == 1
    pipeline.runs("build", "--full-refresh", "--exclude", "tag:intake")
