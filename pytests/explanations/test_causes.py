"""Planted causes are named first, and nothing is named where there is none."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.rows import DictRow

from runner.workflow.causes.model import Explanation
from runner.workflow.causes.search import explain_exceptions

from ..database import Database
from .shop import CHECK, DATASET, Shop, chance, connect, make_shop

RECORDS = 6_000
MANY = 200_000
SECONDS = 3.0
MakeShop = Callable[..., Shop]
PLANTED = [
    ("_batch_id", "batch-7", "_batch_id = 'batch-7'", 8.0, 0.2),
    ("source_file", "file-2.csv", "_batch_id in ('batch-4', 'batch-5')", 10.0, 0.5),
    ("_worker_id", "3", "_worker_id = 3", 5.0, 0.5),
    ("sold_at (day)", "2026-03-17", "(sold_at at time zone 'UTC')::date = '2026-03-17'", 40.0, 0.3),
    ("currency", "JPY", "currency = 'JPY'", 15.0, 1.0),
    ("method", None, "method is null", 3.0, 0.1),
    ("channel", "phone", "channel = 'phone'", 100.0, 1.0),
    ("is_express", "true", "is_express", 2.0, 0.1),
    ("store", "11", "store = 11", 30.0, 0.5),
    ("customer_id", "C-42", "customer_id = 'C-42'", 90.0, 0.3),
]


@pytest.fixture(scope="module")
def connection(project_database: Database) -> Iterator[psycopg.Connection[DictRow]]:
    with connect(project_database) as connection:
        yield connection


@pytest.fixture(scope="module")
def make(connection: psycopg.Connection[DictRow]) -> MakeShop:
    numbers = itertools.count(1)

    def make_one(seed: int, records: int = RECORDS) -> Shop:
        return make_shop(connection, f"shop{next(numbers)}", records, seed)

    return make_one


def first(shop: Shop) -> tuple[str, str | None] | None:
    """Column and value of the first cause, if there is any."""
    causes = explain_exceptions(shop.database(), DATASET).causes
    cause = causes[0].cause if causes else None
    return (cause.column, cause.value) if cause else None


def test_planted_causes_are_named_first(make: MakeShop, seed: int) -> None:
    """Each is what fails more often: in percent of the records that have it, and of the others."""
    named = {}
    for number, (column, value, where, inside, outside) in enumerate(PLANTED):
        shop = make(seed + number)
        likelihood = chance(seed + number, "fails", inside), chance(seed + number, "noise", outside)
        shop.fail(CHECK, f"case when {where} then {likelihood[0]} else {likelihood[1]} end")
        named[(column, value)] = first(shop)
    missed = {planted: found for planted, found in named.items() if planted != found}
    assert len(missed) <= 1, missed


@pytest.mark.parametrize("percent", [0.1, 0.2, 0.5, 1, 2, 5, 10, 25, 50, 90])
def test_nothing_is_named_where_records_fail_at_random(
    make: MakeShop, seed: int, percent: float
) -> None:
    shop = make(seed + round(percent * 1000))
    shop.fail(CHECK, chance(seed, "fails", percent))
    explanation = explain_exceptions(shop.database(), DATASET)
    assert explanation.exceptions > 0
    assert not explanation.causes


def causes(explanation: Explanation) -> list[tuple[str, str, str | None, int]]:
    """Check, column, value and exceptions of each cause, the largest first."""
    return [
        (check.check_id, group.cause.column, group.cause.value, check.exceptions)
        for group in explanation.causes
        for check in group.checks
        if group.cause is not None
    ]


def test_two_causes_are_named_one_after_the_other(make: MakeShop, seed: int) -> None:
    shop = make(seed)
    shop.fail(CHECK, f"_batch_id = 'batch-3' and {chance(seed, 'first', 60)}")
    shop.fail(CHECK, f"_batch_id <> 'batch-3' and store = 7 and {chance(seed, 'second', 60)}")
    explanation = explain_exceptions(shop.database(), DATASET)
    found = causes(explanation)
    assert [name for _, *name, _ in found] == [["_batch_id", "batch-3"], ["store", "7"]]
    assert sum(exceptions for *_, exceptions in found) == explanation.exceptions


def test_a_cause_two_checks_share_is_one_group(make: MakeShop, seed: int) -> None:
    shop = make(seed)
    shop.fail(CHECK, "_batch_id = 'batch-3' and store < 10")
    shop.fail("sale_currency_known", "_batch_id = 'batch-3' and store > 5", "VALIDATION_ERROR")
    (group,) = explain_exceptions(shop.database(), DATASET).groups
    assert {check.check_id for check in group.checks} == {CHECK, "sale_currency_known"}
    (action,) = group.actions
    assert set(action.exception_types) == {"PARSE_ERROR", "VALIDATION_ERROR"}
    assert action.commands[0] == f"runner load DIR --dataset {DATASET}"


def test_what_a_rule_is_about_is_no_cause_of_its_failing(make: MakeShop, seed: int) -> None:
    shop = make(seed)
    shop.fail("sale_currency_known", "currency not in ('BRL', 'EUR')", "VALIDATION_ERROR")
    explanation = explain_exceptions(shop.database(), DATASET)
    assert not causes(explanation)
    (group,) = explanation.groups
    assert group.checks[0].found[0][0] == "12.5.0"
    assert any(
        command.startswith("runner correct sales S-") for command in group.actions[0].commands
    )


def test_a_cause_that_stands_for_the_same_records_is_said_beside(make: MakeShop, seed: int) -> None:
    shop = make(seed)
    shop.run("update {n}_quality.batch_controls set source_file = batch_id || '.csv'")
    shop.fail(CHECK, f"_batch_id = 'batch-3' and {chance(seed, 'fails', 20)}")
    (group,) = explain_exceptions(shop.database(), DATASET).groups
    assert group.cause is not None
    assert group.cause.same_records == (("source_file", "batch-3.csv"),)


def test_mismatches_are_looked_up_by_key_and_rejects_by_batch(make: MakeShop, seed: int) -> None:
    shop = make(seed)
    shop.run(
        f"""
        insert into {{n}}_quality.open_exceptions
        select '{DATASET}', 'sales', _record_key, null::uuid, null, 'recon_sales', 'RECON_MISMATCH',
            'ERROR', 'raw.sales', 'differs', '{{}}'::jsonb, false
        from {{n}}_staging.base_sales where store = 4 and is_express
        union all
        select '{DATASET}', 'sales', 'batch-9:' || n, null, 'batch-9', 'load_rejects',
            'LOAD_REJECT', 'ERROR', 'file-4.csv', 'unreadable', '{{}}', false
        from generate_series(1, 30) as n
        """
    )
    found = {
        check: value for check, _, value, _ in causes(explain_exceptions(shop.database(), DATASET))
    }
    assert found == {"recon_sales": "4", "load_rejects": "batch-9"}


def test_a_capped_check_is_judged_by_its_records_not_by_its_exceptions(
    make: MakeShop, seed: int
) -> None:
    shop = make(seed)
    shop.fail(CHECK, chance(seed, "fails", 30))
    # The first keys have an exception, one stands for the rest: the first batch among them.
    shop.run(
        """
        delete from {n}_quality.open_exceptions where batch_id <> 'batch-0';
        update {n}_quality.open_exceptions set record_id = null, record_key = '(beyond the cap)',
            details = '{"beyond_cap": 1500}'
        where record_key = (select min(record_key) from {n}_quality.open_exceptions)
        """
    )
    explanation = explain_exceptions(shop.database(), DATASET)
    assert not causes(explanation)
    assert explanation.exceptions > 1500


def test_suppressed_exceptions_and_other_checks_are_left_out(make: MakeShop, seed: int) -> None:
    shop = make(seed)
    shop.fail(CHECK, "store = 7")
    shop.fail("sale_currency_known", "channel = 'web'", "VALIDATION_ERROR")
    shop.run(f"update {{n}}_quality.open_exceptions set is_suppressed = check_id = '{CHECK}'")
    explanation = explain_exceptions(shop.database(), DATASET)
    assert causes(explanation)[0][:3] == ("sale_currency_known", "channel", "web")
    assert explain_exceptions(shop.database(), DATASET, check=CHECK).exceptions == 0
    assert explain_exceptions(shop.database(), DATASET, entity="orders").exceptions == 0
    assert explain_exceptions(shop.database(), "other").groups == ()


def test_many_records_are_sampled_the_same_way_each_time(make: MakeShop, seed: int) -> None:
    shop = make(seed, MANY)
    shop.fail(
        CHECK, f"case when store = 11 then {chance(seed, 'a', 40)} else {chance(seed, 'b', 2)} end"
    )
    shop.run("analyze {n}_staging.base_sales; analyze {n}_quality.open_exceptions")
    started = time.perf_counter()
    once = explain_exceptions(shop.database(), DATASET)
    assert time.perf_counter() - started < SECONDS
    assert once.is_sampled
    assert once.looked_at[1] < MANY / 5
    assert causes(once)[0][1:3] == ("store", "11")
    assert explain_exceptions(shop.database(), DATASET) == once
