"""Entities and rules that cannot be declared, and the message of each after the model's name."""

from __future__ import annotations

import math
from typing import Any

from .misdeclared_formats import FORMATS

COLUMNS = {"id": "text", "amount": "numeric(14,2)", "made_at": "timestamptz", "made_on": "date"}
WORDS = ", ".join(COLUMNS)
PARENT = {"to": "stg_orders", "field": "order_id", "column": "id"}


def rule(**changes: Any) -> dict[str, Any]:
    """Declaration of an entity with one rule; None takes an argument away."""
    given = {"id": "a_rule", "check": "not_null", "column": "id", **changes}
    return entity(rules=[{name: value for name, value in given.items() if value is not None}])


def entity(**changes: Any) -> dict[str, Any]:
    given = {"entity": "things", "key": "id", "rules": [], **changes}
    return {name: value for name, value in given.items() if value is not None}


RULES: dict[str, tuple[dict[str, Any], str]] = {
    "unknown_check": (
        rule(check="not_nul"),
        "rule a_rule: check is 'not_nul', allowed are not_null, unique, accepted_values, "
        "relationships, expect_column_values_to_be_between,",
    ),
    "check_and_expression": (
        rule(expression="id > ''"),
        "rule a_rule: it needs a check or an expression, and not both",
    ),
    "neither_check_nor_expression": (
        rule(check=None),
        "rule a_rule: it needs a check or an expression, and not both",
    ),
    "missing_argument": (
        rule(check="accepted_values"),
        "rule a_rule: values is missing; accepted_values needs column, values",
    ),
    "unknown_argument": (
        rule(colum="id"),
        "rule a_rule: argument is 'colum', allowed are check, id, name, column, severity, weight, "
        "dimension, message, description, row_condition, examples, max_retries",
    ),
    "unknown_argument_of_an_expression": (
        rule(check=None, column=None, expression="true", vaules=[1]),
        "rule a_rule: argument is 'vaules', allowed are expression, id, name,",
    ),
    "unknown_column": (rule(column="ids"), f"rule a_rule: column is 'ids', allowed are {WORDS}"),
    "unknown_column_of_a_pair": (
        rule(
            check="expect_column_pair_values_to_be_equal",
            column=None,
            column_A="id",
            column_B="ids",
        ),
        f"rule a_rule: column_B is 'ids', allowed are {WORDS}",
    ),
    "unknown_column_of_a_list": (
        rule(
            check="expect_compound_columns_to_be_unique", column=None, column_list=["id", "amont"]
        ),
        f"rule a_rule: column_list is 'amont', allowed are {WORDS}",
    ),
    "unknown_dimension": (
        rule(dimension="beauty"),
        "rule a_rule: dimension is 'beauty', allowed are completeness, validity, accuracy, "
        "consistency, uniqueness, timeliness",
    ),
    "unknown_severity": (
        rule(severity="fatal"),
        "rule a_rule: severity is 'fatal', allowed are error, warn",
    ),
    "weight_zero": (rule(weight=0), "rule a_rule: weight is '0', allowed are numbers above 0"),
    "weight_negative": (rule(weight=-1), "rule a_rule: weight is '-1', allowed are numbers above"),
    "weight_of_text": (rule(weight="2"), "rule a_rule: weight is '2', allowed are numbers above"),
    "weight_boolean": (rule(weight=True), "rule a_rule: weight is 'True', allowed are numbers"),
    "strange_id": (
        rule(id="A rule"),
        "rule A rule: id is 'A rule', allowed are lower case letters, digits and underscores, "
        "starting with a letter",
    ),
    "missing_id": (rule(id=None), "rule (without id): id is ''"),
    "empty_values": (
        rule(check="accepted_values", values=[]),
        "rule a_rule: values is '[]', allowed is a list with at least one value",
    ),
    "values_of_text": (
        rule(check="expect_column_values_to_be_in_set", value_set="BRL"),
        "rule a_rule: value_set is 'BRL', allowed is a list with at least one value",
    ),
    "no_bounds": (
        rule(check="expect_column_values_to_be_between"),
        "rule a_rule: min_value and max_value are missing; expect_column_values_to_be_between "
        "needs one or both",
    ),
    "no_length": (
        rule(check="expect_column_value_lengths_to_be_between", strictly=True),
        "rule a_rule: min_value and max_value are missing;",
    ),
    "days_of_text": (
        rule(check="max_age", column="made_at", days="a year"),
        "rule a_rule: days is 'a year', allowed are numbers above 0",
    ),
    "days_negative": (
        rule(check="max_age", column="made_at", days=-1),
        "rule a_rule: days is '-1', allowed are numbers above 0",
    ),
    "type_of_another_column": (
        rule(check="parses_as", column="amount", type="numeric"),
        "rule a_rule: type is 'numeric', allowed are numeric(14,2)",
    ),
    "condition_of_a_boolean": (
        rule(row_condition=False),
        "rule a_rule: row_condition is 'False', allowed is an SQL condition as text",
    ),
    "empty_expression": (
        rule(check=None, column=None, expression=" "),
        "rule a_rule: expression is ' ', allowed is an SQL condition as text",
    ),
    "expression_left_out": (
        entity(rules=[{"id": "a_rule", "expression": None}]),
        "rule a_rule: expression is 'None', allowed is an SQL condition as text",
    ),
    **{
        f"{argument}_in_quotes": (
            rule(check=check, **{argument: "false"}, **more),
            f"rule a_rule: {argument} is 'false', allowed are true and false, without quotes",
        )
        for argument, check, more in (
            ("strictly", "expect_column_value_lengths_to_be_between", {"min_value": 1}),
            ("quote", "accepted_values", {"values": ["x"]}),
            ("quote_values", "expect_column_values_to_be_in_set", {"value_set": ["x"]}),
            (
                *("or_equal", "expect_column_pair_values_A_to_be_greater_than_B"),
                {"column": None, "column_A": "id", "column_B": "id"},
            ),
        )
    },
    "weight_nan": (
        rule(weight=math.nan),
        "rule a_rule: weight is 'nan', allowed are numbers above 0",
    ),
    "days_of_a_boolean": (
        rule(check="max_age", column="made_at", days=True),
        "rule a_rule: days is 'True', allowed are numbers above 0",
    ),
    "retries_of_words": (
        rule(max_retries="many"),
        "rule a_rule: max_retries is 'many', allowed are whole numbers from 0",
    ),
    "retries_of_an_entity": (
        entity(max_retries=-1),
        ": max_retries is '-1', allowed are whole numbers from 0",
    ),
    **{
        f"bound_{name}": (
            rule(check="expect_column_values_to_be_between", column="amount", min_value=given),
            f"rule a_rule: min_value is '{given}', allowed are numbers, and SQL as text",
        )
        for name, given in {"empty": "", "boolean": True, "nan": math.nan}.items()
    },
    "no_columns": (
        rule(check="expect_compound_columns_to_be_unique", column=None, column_list=[]),
        "rule a_rule: column_list is '[]', allowed is a list with at least one value",
    ),
    **{
        f"values_with_{name}": (
            rule(check="accepted_values", values=["x", given]),
            f"rule a_rule: values holds '{given}', allowed are texts and numbers; put words of "
            "YAML in quotes",
        )
        for name, given in {"nothing": None, "a_word": True, "a_list": ["y"]}.items()
    },
    **{
        f"regex_{name}": (
            rule(check="expect_column_values_to_match_regex", regex=given),
            f"rule a_rule: regex is '{given}', allowed are regular expressions whose brackets and "
            "backslashes are complete",
        )
        for name, given in {
            "open": "(",
            "closed_twice": "a)(b",
            "open_set": "[a-z",
            "open_escape": "a\\",
        }.items()
    },
    "regex_flags": (
        rule(check="expect_column_values_to_not_match_regex", regex="a", flags="zz"),
        "rule a_rule: flags is 'zz', allowed are letters among bceimnpqstwx",
    ),
    "open_like": (
        rule(check="expect_column_values_to_match_like_pattern", like_pattern="100\\%\\"),
        "rule a_rule: like_pattern is '100\\%\\', allowed are patterns with a character behind",
    ),
    "unknown_ignore": (
        rule(
            check="expect_compound_columns_to_be_unique",
            column=None,
            column_list=["id", "amount"],
            ignore_row_if="never",
        ),
        "rule a_rule: ignore_row_if is 'never', allowed are all_values_are_missing, "
        "any_value_is_missing",
    ),
    "rule_twice": (
        entity(rules=[{"id": "a_rule", "check": "not_null", "column": "id"}] * 2),
        "rule a_rule: the id is used twice; each rule needs its own",
    ),
    "unknown_word": (
        entity(verson="made_at"),
        ", meta: argument is 'verson', allowed are entity, key, version, gate, joins, rules",
    ),
    "missing_key": (entity(key=None), ": key is missing; name the column, or list the columns,"),
    "unknown_key": (entity(key=["id", "day"]), f": column is 'day', allowed are {WORDS}"),
    "unknown_version": (entity(version="at"), f": column is 'at', allowed are {WORDS}"),
    "key_of_a_number": (entity(key=5), ": key is '5', allowed is a list with at least one value"),
    "rules_of_text": (
        entity(rules="not_null"),
        ": rules is 'not_null', allowed is a list with at least one value",
    ),
    "rule_of_text": (
        entity(rules=["not_null"]),
        ", rules: number 1 is 'not_null', allowed are mappings with an id",
    ),
    "joins_in_a_list": (
        entity(joins=["stg_orders"]),
        ": joins is '['stg_orders']', allowed is a mapping of names to joins",
    ),
    "join_of_text": (
        entity(joins={"parent": "stg_orders"}),
        ", join parent: it is 'stg_orders', allowed is a mapping with to, field and column",
    ),
    "join_named_as_a_reserved_word": (
        entity(joins={"order": PARENT}),
        ", join order: name is 'order', which is a reserved word of PostgreSQL; give it another",
    ),
    "join_of_unknown_field": (
        entity(joins={"parent": {**PARENT, "field": "order_idd"}}),
        ", join parent: field is 'order_idd', allowed are order_id, customer_id, status,",
    ),
    "relationship_of_unknown_field": (
        rule(check="relationships", to="stg_orders", field="order_idd"),
        "rule a_rule: field is 'order_idd', allowed are order_id, customer_id, status,",
    ),
    "unknown_column_of_a_parent": (
        entity(
            joins={"parent": PARENT},
            rules=[{"id": "a_rule", "expression": "parent.dq_score > 1 and parent.totl > 1"}],
        ),
        "rule a_rule: parent is 'totl', allowed are order_id, customer_id, status,",
    ),
    "join_without_field": (
        entity(joins={"parent": {"to": "stg_orders", "column": "id"}}),
        ", join parent: field is missing; a join needs to, field and column",
    ),
    "join_with_unknown_word": (
        entity(joins={"parent": {**PARENT, "using": "id"}}),
        ", join parent: argument is 'using', allowed are to, field, column",
    ),
    "join_of_unknown_column": (
        entity(joins={"parent": {**PARENT, "column": "ids"}}),
        f", join parent: column is 'ids', allowed are {WORDS}",
    ),
    "join_named_received": (
        entity(joins={"received": PARENT}),
        ", join received: received is the text that a column was read from; give the join another",
    ),
    "received_of_unknown_column": (
        rule(check=None, column=None, expression="received.amont <> ''"),
        f"rule a_rule: received is 'amont', allowed are {WORDS}",
    ),
    "received_in_a_condition_among_others": (
        rule(check="unique", row_condition="received.id <> ''"),
        "rule a_rule: its row_condition cannot read received text, since unique compares a record "
        "with others",
    ),
    **{f"format_{name}": (entity(**given), message) for name, (given, message) in FORMATS.items()},
    "relationship_to_unknown_model": (
        rule(check="relationships", to="stg_order", field="order_id"),
        "rule a_rule: to is 'stg_order', allowed are stg_orders, stg_payments",
    ),
    "relationship_without_dependency": (
        rule(check="relationships", to="stg_payments", field="order_id"),
        "rule a_rule: the model does not depend on stg_payments; name its entity in the call: "
        "{{ trustgate.base(parents=['payments']) }}",
    ),
    **{
        f"join_of_{name}": (
            entity(joins={"parent": {**PARENT, "column": column, "field": field}}),
            f", join parent: {column} is '{type_}' and {field} of stg_orders is '{of_parent}', "
            "which cannot be compared; give both the same type",
        )
        for name, column, type_, field, of_parent in (
            ("a_number_to_text", "amount", "numeric(14,2)", "order_id", "text"),
            ("text_to_a_time", "id", "text", "ordered_at", "timestamptz"),
            ("a_date_to_a_time", "made_on", "date", "ordered_at", "timestamptz"),
            ("a_date_to_a_number", "made_on", "date", "order_total", "numeric(14,2)"),
        )
    },
    "relationship_of_other_types": (
        rule(check="relationships", column="made_at", to="stg_orders", field="order_id"),
        "rule a_rule: made_at is 'timestamptz' and order_id of stg_orders is 'text', which cannot",
    ),
}
"""Declarations of an entity, and the message of each after the model's name."""

SAME_TYPE = ("numeric(14,2)", "numeric(14, 2)", "NUMERIC(14,2)")

NAMES = {
    "user": "a reserved word of PostgreSQL",
    "order": "a reserved word of PostgreSQL",
    "dq_status": "taken by the columns of a verdict, as are all names that begin with _",
    "_is_latest": "taken by the columns of a verdict, as are all names that begin with _",
}
"""Columns that cannot be, and why."""
