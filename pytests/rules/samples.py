"""An entity added to a scratch copy of the project: random rows, and rules of each check.

Each rule stands beside the test of dbt or dbt_expectations that it means the same as.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

from ..pipeline import Pipeline

LOADED_AT = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
DATASET = "parity"
VERSIONED = "versions"
"""Dataset whose records share keys and versions, for `no_conflicting_versions`."""
ROWS = 10_000
MAX_AGE_DAYS = 90

TYPES = {
    "sample_id": "text",
    "word": "text",
    "code": "text",
    "quantity": "integer",
    "amount": "numeric(12,2)",
    "other_amount": "numeric(12,2)",
    "made_at": "timestamptz",
    "parent_id": "text",
    "note": "text",
    "updated_at": "timestamptz",
}
COLUMNS = tuple(TYPES)
Record = tuple[str | None, ...]


@dataclass(frozen=True)
class Use:
    """One use of one named check.

    Attributes:
        arguments: As both take them.
        condition: `row_condition`, SQL.
        found_by: Columns by whose values the original's failing rows name a record; empty where it
            judges each row alone, so that each can be asked about by itself.
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

OWN_RULES: tuple[dict[str, Any], ...] = (
    {"id": "amount_parses", "check": "parses_as", "column": "amount", "type": "numeric(12,2)"},
    {"id": "quantity_parses", "check": "parses_as", "column": "quantity", "type": "integer"},
    {"id": "made_at_parses", "check": "parses_as", "column": "made_at", "type": "timestamptz"},
    {"id": "word_parses", "check": "parses_as", "column": "word", "type": "text"},
    {"id": "made_before_load", "check": "not_in_future", "column": "made_at"},
    {"id": "made_lately", "check": "max_age", "column": "made_at", "days": MAX_AGE_DAYS},
    {"id": "note_without_people", "check": "no_pii", "column": "note"},
    {"id": "word_quoted", "check": "accepted_values", "column": "word", "values": [*QUOTED]},
    {"id": "word_set_quoted", "check": NOT_IN_SET, "column": "word", "value_set": [*QUOTED]},
    {"id": "word_like_quote", "check": LIKE, "column": "word", "like_pattern": "%'%"},
    {"id": "word_quote_found", "check": NOT_REGEX, "column": "word", "regex": "['\"]"},
    {"id": "versions_agree", "check": "no_conflicting_versions"},
)

NOTES: dict[str, bool] = {
    "": False,
    "left at the door": False,
    "12 of 2026-01-05": False,
    "order 20260105-000123": False,
    "123.456.789": False,
    "1234567890123456": False,  # sixteen digits that fail Luhn's check
    "4111 1111 1111 1112": False,
    "AB12": False,
    "@home": False,
    "ana@example": False,
    "3,500.00": False,
    "ana@example.com": True,
    "write to ana.maria+x@mail.example.co.uk please": True,
    "4111 1111 1111 1111": True,
    "card 5500-0000-0000-0004 declined": True,
    "378282246310005": True,
    "123.456.789-09": True,
    "+55 11 91234-5678": True,
    "(11) 91234-5678": True,
    "DE89370400440532013000": True,
    "GB82 WEST 1234 5698 7654 32": True,
}
"""Whether each holds personal data."""

WORDS = (
    *("apple", "Apple", "APPLE", "pear", "it's", 'a "b"', "a b", "ünïcode", "ÜNÏCODE", "\\d", "%"),
    *("_pple", "日本", "e\u0301", " apple ", "", " ", None, "null", "O'Neil", "x", "applepie"),
)
NUMBERS = (
    *("0", "0.00", "-0.01", "1", "1.00", "100", "100.00", "-1.5", "99.99", "1,234.50", "", None),
    *("x", "12.345", "NaN", " 7 "),
)
TIMES = (
    *("2026-01-09T23:59:59Z", "2026-01-10T00:00:00Z", "5/1/2026 0:00", "2026-05-01T00:00:01Z"),
    *("2026-03-01", "2026-02-28T23:59:59.999999", "", None, "2026-02-30", "soon"),
    LOADED_AT.isoformat(),
    (LOADED_AT + timedelta(microseconds=1)).isoformat(),
    (LOADED_AT - timedelta(days=MAX_AGE_DAYS)).isoformat(),
    (LOADED_AT - timedelta(days=MAX_AGE_DAYS, microseconds=1)).isoformat(),
)


CANDIDATE = """
{{ config(
    materialized='table',
    pre_hook="{{ trustgate.open_window('samples', ['stg_samples'], trustgate.active_dataset()) }}",
    post_hook="{{ trustgate.close_window('samples', trustgate.active_dataset()) }}",
) }}
-- depends_on: {{ ref('layer_progress') }} {{ ref('candidate_changes') }}
select *, 'NOT_RECONCILED'::text as reconciliation_status, now() as reconciled_at
from {{ ref('stg_samples') }}
where _dataset = '{{ trustgate.active_dataset() }}'
"""


def random_records(random: Random) -> list[tuple[int, Record]]:
    """Records with keys of their own; values often shared, missing or unreadable."""

    def word(number: int) -> str | None:
        return random.choice((f"w{number}", f"w{random.randrange(ROWS)}", random.choice(WORDS)))

    def amount() -> str | None:
        drawn = f"{random.randint(-300, 20000) / 100:.2f}"
        return random.choice((drawn, drawn, drawn, random.choice(NUMBERS)))

    records: list[tuple[int, Record]] = []
    for number in range(1, ROWS + 1):
        first = amount()
        records.append(
            (
                number,
                (
                    f"S-{number}",
                    word(number),
                    random.choice((*WORDS, f"c{number}")),
                    random.choice(("0", "1", "2", "-3", "7", str(number), "1.5", "", None)),
                    first,
                    random.choice((first, amount(), None)),
                    random.choice(TIMES),
                    random.choice(("P-1", "P-2", "P-404", f"P-{number}", "", None)),
                    random.choice(tuple(NOTES)),
                    "2026-05-01",
                ),
            )
        )
    return records


def versioned_records(random: Random) -> list[tuple[int, Record]]:
    """Records of few keys and versions, so that contents meet."""
    times = ("2026-05-01T00:00:00Z", "2026-05-01 01:00:00+01:00", "2026-05-02", "", "soon", None)
    return [
        (
            number,
            (
                f"S-{random.randint(1, 150)}",
                random.choice(("apple", "pear")),
                *(None,) * 7,
                random.choice(times),
            ),
        )
        for number in range(1, 501)
    ]


def add_samples(pipeline: Pipeline, rules: Iterable[Use]) -> None:
    """Write everything the entity needs into the copy, and the originals beside its base."""
    given = tuple(rules)
    folder = "models/samples"
    landing = [
        {"name": name, "data_type": type_, "description": "-"}
        | ({"constraints": [{"type": "custom", "expression": default}]} if default else {})
        for name, type_, default in (
            ("_batch_id", "text", "default current_setting('trustgate.batch_id', true)"),
            ("_row_number", "bigint", ""),
            ("_worker_id", "integer", "default 0"),
            *((column, "text", "") for column in COLUMNS),
        )
    ]
    tests: dict[str | None, list[dict[str, Any]]] = {}
    for use in given:
        tests.setdefault(use.column, []).append(use.test())
    base_meta = {
        "entity": "samples",
        "key": "sample_id",
        "version": "updated_at",
        "rules": [*(use.rule() for use in given), *OWN_RULES],
    }
    models = [
        {
            "name": "landing_samples",
            "config": {"alias": "samples", "meta": {"entity": "samples", "amount": "amount"}},
            "columns": landing,
        },
        {
            "name": "base_samples",
            "config": {"meta": base_meta},
            "columns": [{"name": name, "data_type": type_} for name, type_ in TYPES.items()],
        },
        {
            "name": "parity_rows",
            "data_tests": tests.get(None, []),
            "columns": [
                {"name": column, "data_tests": found} for column, found in tests.items() if column
            ],
        },
    ]
    pipeline.write(f"{folder}/samples.yml", json.dumps({"version": 2, "models": models}))
    pipeline.write("models/landing/landing_samples.sql", "{{ trustgate.empty_table() }}")
    for layer in ("raw", "staging"):
        for model in sorted((pipeline.root / "models" / layer).glob("*_orders.sql")):
            text = model.read_text().replace("orders", "samples")
            before, _, rest = text.partition("trustgate.received_records(")
            if rest:
                text = f"{before}trustgate.received_records('samples', {list(COLUMNS)}) }}}}"
            before, _, rest = text.partition("trustgate.good_records(")
            if rest:
                text = f"{before}trustgate.good_records('samples', {list(COLUMNS)}) }}}}"
            before, _, rest = text.partition("{{ trustgate.checked_records(")
            if rest:
                text = (
                    before
                    + "-- depends_on: {{ ref('stg_orders') }} {{ ref('base_orders') }}\n"
                    + f"{{{{ trustgate.checked_records('samples', {TYPES}) }}}}"
                )
            pipeline.write(f"models/{layer}/{model.name.replace('orders', 'samples')}", text)
    pipeline.write(
        "models/staging/parity_rows.sql",
        "{{ config(materialized='view') }}\n"
        f"select * from {{{{ ref('base_samples') }}}} where _dataset = '{DATASET}'",
    )
    pipeline.write("models/candidate/candidate_samples.sql", CANDIDATE)
    project = "dbt_project.yml"
    pipeline.edit(project, "entities: [orders, payments]", "entities: [orders, payments, samples]")
    pipeline.edit(
        project,
        "payments: candidate_fct_payments}",
        "payments: candidate_fct_payments, samples: candidate_samples}",
    )
