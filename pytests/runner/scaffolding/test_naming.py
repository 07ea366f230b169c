"""Names of entities, columns and rules."""

from __future__ import annotations

import pytest

from runner.errors import ConfigurationError
from runner.scaffolding.naming import check_entity_name, column_names, rule_name, singular

RESERVED = {"order", "user", "select"}


@pytest.mark.parametrize("name", ["refunds", "order_lines", "x", "a1", "a" * 30])
def test_an_entity_may_have_any_plain_name(name: str) -> None:
    check_entity_name(name, RESERVED)


@pytest.mark.parametrize(
    "name", ["", "Refunds", "1st", "_a", "order-lines", "a b", "réfunds", "a" * 31, "order"]
)
def test_a_name_that_cannot_stand_in_sql_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be the name of an entity"):
        check_entity_name(name, RESERVED)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (["refund_id", "amount"], ["refund_id", "amount"]),
        (["Refund ID", "OrderID", "Größe (cm)"], ["refund_id", "order_id", "groe_cm"]),
        (["user", "order", "dq_score"], ["refund_user", "refund_order", "refund_dq_score"]),
        (["1st", "_id", "%"], ["refund_1st", "id", "column_3"]),
        (["A b", "a b", "a_b", "a_b_2"], ["a_b_3", "a_b_4", "a_b", "a_b_2"]),
    ],
)
def test_columns_are_called_what_sql_takes_each_once(written: list[str], names: list[str]) -> None:
    assert list(column_names(written, "refund", RESERVED)) == names


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        *(("refunds", "refund"), ("entries", "entry"), ("addresses", "address"), ("boxes", "box")),
        *(("stock", "stock"), ("status", "status"), ("branches", "branch")),
    ],
)
def test_one_of_a_plural_is_told_by_its_spelling(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_a_rule_is_named_after_its_column_once() -> None:
    assert rule_name("refunds", "refund_id", "present") == "refund_id_present"
    assert rule_name("refunds", "amount", "parses") == "refund_amount_parses"
    assert rule_name("refunds", "refunded_at", "parses") == "refund_refunded_at_parses"
