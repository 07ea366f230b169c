"""A key that is too long for an index fails its record, and stops nothing else."""

from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from random import Random

import pytest

from ..conftest import MakePipeline
from ..database import Row
from ..layers.state import differences
from ..pipeline import Pipeline
from .readings import add_readings

LOADED_AT = datetime(2026, 6, 1, tzinfo=timezone.utc)
AT = "2026-01-02T00:00:00Z"
BUILD = ("run", "--exclude", "tag:intake")
DIGITS = string.digits[1:]


def drawn(length: int, characters: str = string.ascii_letters + string.digits) -> str:
    """Random characters, which no compression makes short."""
    return "".join(Random(length).choices(characters, k=length))


LONG = drawn(6000)
LIKE_IT = LONG[:-1] + "!"
JUST_LONG = drawn(2660)
OF_FOUR_BYTES = drawn(1500, "".join(chr(code) for code in range(0x1F300, 0x1F5FF)))
PADDED = "O-6" + " " * 6000
SEPARATORS = drawn(600, "|\\")
"""Encoded in a key of several columns, it is twice as long."""


def order(order_id: str | None) -> tuple[str | None, ...]:
    return (order_id, "C-1", "approved", "BRL", "10.00", AT, AT)


def payment(payment_id: str, order_id: str, currency: str = "BRL") -> tuple[str, ...]:
    return (payment_id, order_id, "boleto", "10.00", currency, "captured", AT, AT)


def reading(
    meter: str,
    serial: str,
    site: str = "Porto",
    line: str = "A",
    *,
    owner: str = "",
    note: str = "",
) -> tuple[str, ...]:
    return (meter, site, line, "2026-01-02T01:00:00Z", "1.000", serial, owner, note, AT)


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Iterator[Pipeline]:
    made = make_pipeline("keys")
    add_readings(made)
    made.runs("run", "--select", "tag:intake")
    orders = ["O-1", "O-2", LONG, LIKE_IT, JUST_LONG, OF_FOUR_BYTES, PADDED, LONG]
    made.load("orders", list(enumerate(map(order, orders), 1)), "orders-1", LOADED_AT)
    payments = [
        *(payment("P-1", "O-1"), payment("P-2", LONG), payment(LONG, "O-2"), payment("P-6", "O-6")),
        *(payment("P-3", "O-2", currency=LONG), payment(JUST_LONG, JUST_LONG)),
    ]
    made.load("payments", list(enumerate(payments, 1)), "payments-1", LOADED_AT)
    readings = [
        *(reading("1", "S-1"), reading("2", "S-2", site=LONG), reading("3", LONG)),
        *(reading("4", LONG), reading(drawn(6000, DIGITS), "S-5")),
        *(reading("6", "S-6", SEPARATORS, SEPARATORS), reading("7", "S-7", line=drawn(620))),
        *(reading("8", "S-8", line=LONG), reading("9", "S-9", owner=LONG)),
        *(reading("10", "S-10", note=LONG), reading("11", "S-11", line=drawn(1990))),
    ]
    made.load("readings", list(enumerate(readings, 1)), "readings-1", LOADED_AT)
    made.runs(*BUILD)
    yield made


def verdicts(pipeline: Pipeline, entity: str) -> list[Row]:
    """Row number, status and failing rules of each record."""
    return pipeline.query(
        f"select _row_number, _dq_status, _dq_failed from staging.base_{entity} order by 1"
    )


def test_records_with_long_keys_fail_and_others_do_not(pipeline: Pipeline) -> None:
    length = ["order_id_length"]
    assert verdicts(pipeline, "orders") == [
        *((1, "PASSED", None), (2, "PASSED", None), (3, "FAILED", length)),
        *((4, "FAILED", length), (5, "FAILED", length), (6, "FAILED", length)),
        *((7, "PASSED", None), (8, "FAILED", length)),
    ]
    too_long, orphan = "payments_keys_fit", "payment_order_exists"
    found = {number: failed for number, _, failed in verdicts(pipeline, "payments")}
    assert (found[1], found[4]) == (None, None)
    assert found[2] == [orphan]
    assert found[3] == [too_long]
    assert too_long in found[5]
    assert found[6] == [orphan, too_long]
    too_long, unique = "readings_keys_fit", "reading_serial_unique"
    assert {number: failed for number, _, failed in verdicts(pipeline, "readings")} == {
        1: None,
        2: [too_long],
        3: [too_long, unique],
        4: [too_long, unique],
        5: ["reading_meter_present", too_long],
        6: None,
        7: None,
        8: [too_long],
        9: [too_long],
        10: None,
        11: [too_long],
    }


def test_a_reconciliation_by_any_column_holds_long_keys(pipeline: Pipeline) -> None:
    found = pipeline.query(
        "select record_key from quality.recon_readings where match_status <> 'NO_KEY'"
    )
    assert found == []


def test_different_long_keys_are_different_and_equal_ones_equal(pipeline: Pipeline) -> None:
    keys: dict[int, str] = dict(
        pipeline.query("select _row_number, _record_key from staging.base_orders")
    )
    assert keys[3] == keys[8]
    assert len(set(keys.values())) == 7
    assert keys[3].startswith(LONG[:200] + "...") and keys[7] == "O-6"
    assert max(map(len, keys.values())) < 300
    fates: dict[int, str] = dict(pipeline.query("select row_number, fate from quality.record_fates"
                                " where entity = 'orders'"))  # fmt: skip
    assert fates == {
        1: "PROMOTED",
        2: "PROMOTED",
        3: "QUARANTINED",
        4: "QUARANTINED",
        5: "QUARANTINED",
        6: "QUARANTINED",
        7: "PROMOTED",
        8: "DUPLICATE",
    }


def test_raw_keeps_the_whole_key(pipeline: Pipeline) -> None:
    kept = pipeline.query("select order_id from raw.orders where _row_number in (3, 6, 7)")
    assert sorted(kept) == sorted([(LONG,), (OF_FOUR_BYTES,), (PADDED,)])


def test_a_payment_finds_its_order_whatever_the_length(pipeline: Pipeline) -> None:
    messages = pipeline.query(
        "select message from quality.open_exceptions where check_id = 'payment_order_exists'"
    )
    assert len(messages) == 2
    assert all("was received and is quarantined" in message for (message,) in messages)
    orphans = pipeline.query("select match_status from quality.recon_payments_orders"
                             " where match_status = 'SOURCE_ONLY'")  # fmt: skip
    assert orphans == []


def test_the_gate_counts_them_and_names_the_rule(pipeline: Pipeline) -> None:
    counts: dict[str, int] = dict(
        pipeline.query("select check_id, open_count from quality.gate where not is_open")
    )
    assert counts["order_id_length"] == 4
    assert counts["payments_keys_fit"] == 3
    assert counts["readings_keys_fit"] == 7
    scores = pipeline.query("select rules_executed from quality.dq_scorecard"
                            " where entity = 'readings' and column_name is null")  # fmt: skip
    assert set(scores) == {(4,)}


def test_deep_runs_and_rebuilds_find_the_same(pipeline: Pipeline) -> None:
    def state() -> dict[str, list[str]]:
        return {
            entity: [str(row) for row in verdicts(pipeline, entity)]
            for entity in ("orders", "payments", "readings")
        }

    before = state()
    pipeline.runs(*BUILD, "--vars", "{deep: true}")
    assert differences(before, state()) == {}
    pipeline.runs(*BUILD, "--full-refresh")
    assert differences(before, state()) == {}


def test_later_runs_and_later_versions_are_as_ever(pipeline: Pipeline) -> None:
    later = LOADED_AT + timedelta(days=1)
    pipeline.load("orders", [(1, order("O-9")), (2, order(LONG))], "orders-2", later)
    pipeline.load("payments", [(1, payment("P-2", "O-9")), (2, payment("P-9", "O-9"))],
                  "payments-2", later)  # fmt: skip
    readings = [reading("12", "S-12"), reading("13", LONG, LONG), reading("14", "S-14", note=LONG)]
    pipeline.load("readings", list(enumerate(readings, 1)), "readings-2", later)
    pipeline.runs(*BUILD)
    promoted = pipeline.query("select payment_id, order_id from staging.stg_payments"
                              " where _batch_id = 'payments-2' order by 1")  # fmt: skip
    assert promoted == [("P-9", "O-9")]  # P-2 has two contents of one version.
    fates = pipeline.query("select fate from quality.record_fates where batch_id = 'orders-2'"
                           " order by row_number")  # fmt: skip
    assert fates == [("PROMOTED",), ("DUPLICATE",)]
    meters = pipeline.query("select meter::integer from candidate.fct_readings order by 1")
    assert [meter for (meter,) in meters] == [1, 6, 7, 10, 12, 14]
