"""Uses of each named check, beside the test of dbt or dbt_expectations that means the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_AGE_DAYS = 90


@dataclass(frozen=True)
class Use:
    """One use of one named check.

    Attributes:
        arguments: As both take them.
        condition: `row_condition`, SQL.
        found_by: Columns by whose values the original's failing rows name a record; empty where it
            evaluates each row alone, so that each can be evaluated by itself.
    """

    name: str
    check: str
    column: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    condition: str | None = None
    found_by: tuple[str, ...] = ()

    def rule(self) -> dict[str, Any]:
        """As our YAML has it."""
        rule = {"id": self.name, "check": self.check, **self.arguments}
        if self.column:
            rule["column"] = self.column
        if self.condition:
            rule["row_condition"] = self.condition
        return rule

    def test(self) -> dict[str, Any]:
        """As dbt's YAML has the original, under its column or the model."""
        arguments = dict(self.arguments)
        config: dict[str, Any] = {"store_failures": True, "severity": "warn"}
        name = self.check
        if name.startswith("expect_"):
            name = f"dbt_expectations.{name}"
            if self.condition:
                arguments["row_condition"] = self.condition
        elif self.condition:
            config["where"] = self.condition
        if "to" in arguments:
            arguments["to"] = f"ref('{arguments['to']}')"
        body = {"name": f"original_{self.name}", "config": config}
        return {name: {**body, **({"arguments": arguments} if arguments else {})}}


def uses(check: str, column: str | None, *variants: Any, found_by: Sequence[str] = ()) -> list[Use]:
    """Variants of one check: arguments, or arguments and row condition."""
    made = []
    for number, variant in enumerate(variants, start=1):
        arguments, condition = variant if isinstance(variant, tuple) else (variant, None)
        about = column or "_".join(found_by)
        words = (check.lower().removeprefix("expect_").removeprefix("column_"), about, str(number))
        name = "_".join(filter(None, words))
        made.append(Use(name, check, column, arguments, condition, tuple(found_by)))
    return made


BETWEEN = "expect_column_values_to_be_between"
LENGTHS = "expect_column_value_lengths_to_be_between"
REGEX = "expect_column_values_to_match_regex"
NOT_REGEX = "expect_column_values_to_not_match_regex"
IN_SET = "expect_column_values_to_be_in_set"
NOT_IN_SET = "expect_column_values_to_not_be_in_set"
LIKE = "expect_column_values_to_match_like_pattern"
GREATER = "expect_column_pair_values_A_to_be_greater_than_B"
EQUAL = "expect_column_pair_values_to_be_equal"
COMPOUND = "expect_compound_columns_to_be_unique"

EARLY = "made_at < '2026-03-01'"
PRICED = "(amount > 0 or word is null)"
"""In brackets: the original of compound uniqueness puts it between two `and` as it is."""
AMOUNTS = {"column_A": "amount", "column_B": "other_amount"}

USES: tuple[Use, ...] = (
    *uses("not_null", "word", {}, ({}, EARLY), ({}, PRICED)),
    *uses("not_null", "made_at", {}),
    *uses("unique", "word", {}, ({}, EARLY), found_by=["word"]),
    *uses("unique", "amount", {}, ({}, "quantity is null"), found_by=["amount"]),
    *uses(
        "accepted_values",
        "word",
        {"values": ["apple", "Apple", "ünïcode", "a b"]},
        {"values": ["apple"]},
        ({"values": ["pear", "%"]}, PRICED),
        found_by=["word"],
    ),
    *uses(
        "accepted_values",
        "quantity",
        {"values": [0, 1, 2, -3], "quote": False},
        ({"values": [5], "quote": False}, EARLY),
        found_by=["quantity"],
    ),
    *uses(
        "relationships",
        "parent_id",
        {"to": "stg_orders", "field": "order_id"},
        ({"to": "stg_orders", "field": "order_id"}, PRICED),
        found_by=["parent_id"],
    ),
    *uses(
        BETWEEN,
        "amount",
        {"min_value": 0},
        {"max_value": 0},
        {"min_value": 0, "max_value": 0},
        {"min_value": -1.5, "max_value": 100, "strictly": True},
        {"min_value": -1.5, "max_value": 100, "strictly": False},
        {"max_value": "other_amount"},
        ({"min_value": "other_amount - 1", "strictly": True}, PRICED),
        ({"min_value": 0}, "other_amount is null"),
    ),
    *uses(
        BETWEEN,
        "made_at",
        {"min_value": "'2026-01-10'", "max_value": "'2026-05-01'"},
        ({"min_value": "cast('2026-02-01' as timestamptz)"}, PRICED),
    ),
    *uses(BETWEEN, "quantity", {"min_value": 1, "strictly": True}, ({"max_value": 3}, EARLY)),
    *uses(
        REGEX,
        "word",
        {"regex": "^[a-z]+$"},
        {"regex": "^APP", "flags": "i"},
        {"regex": "[[:space:]]", "is_raw": True},
        ({"regex": "e"}, PRICED),
        ({"regex": "\\\\w{4}"}, EARLY),
    ),
    *uses(
        NOT_REGEX,
        "word",
        {"regex": "^[a-z]+$"},
        {"regex": "APP", "flags": "i"},
        {"regex": "%"},
        ({"regex": "e"}, PRICED),
    ),
    *uses(
        IN_SET,
        "word",
        {"value_set": ["apple", "pear", "ünïcode"]},
        ({"value_set": ["a b"]}, EARLY),
        found_by=["word"],
    ),
    *uses(
        IN_SET, "quantity", {"value_set": [0, 1, -3], "quote_values": False}, found_by=["quantity"]
    ),
    *uses(
        NOT_IN_SET,
        "word",
        {"value_set": ["apple", "%"]},
        ({"value_set": ["pear"]}, PRICED),
        found_by=["word"],
    ),
    *uses(
        NOT_IN_SET,
        "quantity",
        {"value_set": [0, 7], "quote_values": False},
        found_by=["quantity"],
    ),
    *uses(
        LIKE,
        "word",
        {"like_pattern": "%p%"},
        {"like_pattern": "_pple"},
        {"like_pattern": "a b"},
        ({"like_pattern": "a%"}, PRICED),
    ),
    *uses(
        LENGTHS,
        "word",
        {"min_value": 2, "max_value": 5},
        {"max_value": 0},
        {"min_value": 3, "max_value": 5, "strictly": True},
        ({"min_value": 4}, EARLY),
    ),
    *uses(GREATER, None, AMOUNTS, {**AMOUNTS, "or_equal": True}, (AMOUNTS, EARLY)),
    *uses(EQUAL, None, AMOUNTS, ({"column_A": "word", "column_B": "code"}, PRICED)),
    *uses(
        COMPOUND,
        None,
        {"column_list": ["word", "quantity"]},
        {"column_list": ["word", "quantity"], "ignore_row_if": "all_values_are_missing"},
        {"column_list": ["word", "quantity"], "ignore_row_if": "any_value_is_missing"},
        ({"column_list": ["word", "quantity"]}, PRICED),
        found_by=["word", "quantity"],
    ),
    *uses(
        COMPOUND,
        None,
        {"column_list": ["amount", "code", "quantity"]},
        found_by=["amount", "code", "quantity"],
    ),
)

QUOTED = ("it's", "O'Neil", 'a "b"', "\\d")
"""Values the originals cannot be given, which put them into SQL as they are."""

NAMES = (
    *("version", "version_number", "is_latest", "is_duplicate", "is_conflicting", "place"),
    *("details", "failed", "warned", "broken", "passes", "expected", "number", "example"),
    *("carriers", "is_checked"),
)
"""Columns whose names base's own SQL might well have used."""

INVISIBLE = (
    *("\t", "\n", "\x02", "\x1b", "\x7f", "\x85", "\x9b", "\u00a0", "\u00ad", "\u034f", "\u061c"),
    *("\u1680", "\u180e", "\u2009", "\u200b", "\u200d", "\u200f", "\u2028", "\u202e", "\u202f"),
    *("\u2060", "\u2066", "\u3000", "\u3164", "\ufe0f", "\ufeff", "\uffa0"),
)
"""Characters that nobody sees, or that look like a blank."""

OWN_RULES: tuple[dict[str, Any], ...] = (
    {"id": "amount_parses", "check": "parses_as", "column": "amount", "type": "numeric(12,2)"},
    {"id": "quantity_parses", "check": "parses_as", "column": "quantity", "type": "integer"},
    {"id": "made_at_parses", "check": "parses_as", "column": "made_at", "type": "timestamptz"},
    {"id": "word_parses", "check": "parses_as", "column": "word", "type": "text"},
    {"id": "made_before_load", "check": "not_in_future", "column": "made_at"},
    {"id": "made_lately", "check": "max_age", "column": "made_at", "days": MAX_AGE_DAYS},
    {"id": "note_without_people", "check": "no_pii", "column": "note"},
    {
        "id": "word_visible",
        "check": "no_invisible_characters",
        "column": "word",
        "examples": {
            "pass": ["O-1", "O 1", " O-1 ", "\u3000O-1\u00a0", "Ødegård 東京", "e\u0301", "", None],
            "fail": [f"O{character}1" for character in INVISIBLE] + ["\u200bO", "O\u202c"],
        },
    },
    {"id": "word_quoted", "check": "accepted_values", "column": "word", "values": [*QUOTED]},
    {"id": "word_set_quoted", "check": NOT_IN_SET, "column": "word", "value_set": [*QUOTED]},
    {"id": "word_like_quote", "check": LIKE, "column": "word", "like_pattern": "%'%"},
    {"id": "word_quote_found", "check": NOT_REGEX, "column": "word", "regex": "['\"]"},
    {"id": "versions_agree", "check": "no_conflicting_versions"},
    *(
        {
            "id": f"{name}_known",
            "check": "accepted_values",
            "column": name,
            "values": ["ok"],
            "examples": {"pass": ["ok", None], "fail": ["no"]},
        }
        for name in NAMES
    ),
    {
        "id": "names_together",
        "check": COMPOUND,
        "ignore_row_if": "any_value_is_missing",
        "column_list": ["sample_id", *NAMES],
    },
)
