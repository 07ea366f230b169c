"""A misdeclared rule, reconciliation or gate is an error of its model, in one sentence.

The sentence names the model, the rule or argument, the value given and the values allowed. All
cases are models of one scratch copy, compiled and, but for their faults, run in one invocation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from ..conftest import MakePipeline
from ..pipeline import Outcome
from .misdeclared_entities import COLUMNS, NAMES, RULES, SAME_TYPE, entity
from .misdeclared_reconciliations import RECONCILIATIONS

SIDE = {"relation": "stg_orders"}
WORD = ["id"]
TOTAL = {"source": "count(*)", "target": "count(*)"}

CALLS: dict[str, tuple[str, Mapping[str, Any] | list[Any], str]] = {
    "unknown_type": (
        "parse",
        ["value", "money"],
        "parse: type is 'money', allowed are text, integer, bigint, numeric, numeric(precision, "
        "scale), date, timestamptz, boolean and uuid",
    ),
    "unknown_orphans": (
        "reconcile_rows",
        {"orphans": "drop"},
        "reconcile_rows in {model}: orphans is 'drop', allowed are report, ignore",
    ),
    "unknown_word_of_a_side": (
        "reconcile_rows",
        {"source": {**SIDE, "recods": "latest"}},
        "reconcile_rows in {model}: argument is 'recods', allowed are relation, entity, records,",
    ),
    "unknown_records": (
        "reconcile_rows",
        {"target": {**SIDE, "records": "newest"}},
        "reconcile_rows in {model}: records is 'newest', allowed are all, received, latest, "
        "promotable",
    ),
    "taken_name_of_a_compared_column": (
        "reconcile_rows",
        {"compare": ["key_1"]},
        "reconcile_rows in {model}: compare names 'key_1', which a reconciliation uses itself; "
        "give it another name in the `columns` of both sides",
    ),
    "unknown_comparison": (
        "reconcile_rows",
        {"compare": {"status": {"tolerence": 1}}},
        "reconcile_rows in {model}, column status: argument is 'tolerence', allowed are tolerance, "
        "normalise, ignore_null",
    ),
    "unknown_normaliser": (
        "reconcile_rows",
        {"compare": {"status": {"normalise": ["squash"]}}},
        "reconcile_rows in {model}, column status: normalise is 'squash', allowed are trim, lower, "
        "upper, collapse_spaces",
    ),
    **{
        f"tolerance_{name}": (
            "reconcile_rows",
            {"compare": {"order_total": given}},
            f"reconcile_rows in {{model}}, column order_total: tolerance is '{given}', allowed are "
            "a number such as 0.01 or a share such as 0.5%",
        )
        for name, given in {
            "negative": -0.01,
            "nan": "NaN",
            "infinite": "inf",
            "of_words": "small",
            "with_unit": "0.01 BRL",
            "negative_share": "-5%",
            "boolean": True,
            "per_mille": "5‰",
        }.items()
    },
    "unknown_orphans_of_metrics": (
        "reconcile_metrics",
        {"orphans": "ignore"},
        "reconcile_metrics in {model}: orphans is 'ignore', allowed are report, source",
    ),
    "unknown_word_of_a_side_of_metrics": (
        "reconcile_metrics",
        {"source": {**SIDE, "were": "true"}},
        "reconcile_metrics in {model}: argument is 'were', allowed are relation, entity, records,",
    ),
    "unknown_records_of_metrics": (
        "reconcile_metrics",
        {"source": {**SIDE, "records": "good"}},
        "reconcile_metrics in {model}: records is 'good', allowed are all, received, latest,",
    ),
    "unknown_word_of_a_metric": (
        "reconcile_metrics",
        {"metrics": {"total": {**TOTAL, "tolerence": 1}}},
        "reconcile_metrics in {model}, metric total: argument is 'tolerence', allowed are source, "
        "target, tolerance",
    ),
    "tolerance_of_a_metric": (
        "reconcile_metrics",
        {"metrics": {"total": {**TOTAL, "tolerance": "-1"}}},
        "reconcile_metrics in {model}, metric total: tolerance is '-1', allowed are a number",
    ),
    "tolerance_of_a_business_rule": (
        "business_rule",
        {"tolerance": "much"},
        "business_rule in {model}: tolerance is 'much', allowed are a number such as 0.01",
    ),
    **RECONCILIATIONS,
    **{
        f"examples_{name}": (
            "rule_examples",
            ["model m, rule r", {"check": check, "column": column, "examples": given}, scope, WORD],
            f"model m, rule r{message}",
        )
        for name, (check, column, scope, given, message) in {
            "of_a_set_rule": (
                *("unique", "id", "set", {"pass": ["x"]}),
                ": it cannot have examples, since unique compares a record with others",
            ),
            "in_a_list": (
                *("not_null", "id", "record", ["x"]),
                ": examples is '['x']', allowed is a mapping with pass and fail",
            ),
            "with_unknown_word": (
                *("not_null", "id", "record", {"good": ["x"]}),
                ", examples: argument is 'good', allowed are pass, fail",
            ),
            "of_one_text": (
                *("not_null", "id", "record", {"pass": "x"}),
                ", examples: pass is 'x', allowed is a list of examples",
            ),
            "without_column": (
                *("expect_column_pair_values_to_be_equal", None, "record", {"fail": ["x"]}),
                ", examples, fail 1: it is 'x'; the rule has no column, so its examples are "
                "mappings of column to text",
            ),
            "of_unknown_column": (
                *("not_null", "id", "record", {"pass": [{"ids": "x"}]}),
                ", examples, pass 1: column is 'ids', allowed are id",
            ),
            "of_a_number": (
                *("not_null", "id", "record", {"pass": ["x", 7]}),
                ", examples, pass 2: id is 7, allowed is text as it would be received (in quotes) "
                "or null",
            ),
        }.items()
    },
    "unknown_word_of_a_gate": (
        "allowed_count",
        ["model base_things", {"max_fail": 1}, "max_failed", "1"],
        "model base_things, gate: argument is 'max_fail', allowed are max_failed, max_failed_rate",
    ),
    "rate_of_a_gate_above_1": (
        "allowed_count",
        ["model base_things", {"max_failed_rate": 5}, "max_failed", "1"],
        "model base_things, gate: max_failed_rate is '5', allowed are shares from 0 to 1",
    ),
    "negative_gate": (
        "allowed_count",
        ["model recon_things", {"max_mismatches": -1}, "max_mismatches", "1"],
        "model recon_things, gate: max_mismatches is '-1', allowed are numbers from 0",
    ),
    "gate_of_text": (
        "allowed_count",
        ["model recon_things", {"max_mismatches": "few"}, "max_mismatches", "1"],
        "model recon_things, gate: max_mismatches is 'few', allowed are numbers from 0",
    ),
}
"""Calls of macros: name, arguments that differ from sound ones, and the message."""

SOUND: dict[str, dict[str, Any]] = {
    "reconcile_rows": {"source": SIDE, "target": SIDE, "key": "order_id"},
    "reconcile_metrics": {
        "source": SIDE,
        "target": SIDE,
        "grain": ["currency"],
        "metrics": {"total": TOTAL},
    },
    "business_rule": {"key": "order_id"},
}
DEPENDS = "-- depends_on: {{ ref('stg_orders') }} {{ ref('base_orders') }}\n"


@pytest.fixture(scope="module")
def compiled(make_pipeline: MakePipeline) -> Outcome:
    pipeline = make_pipeline("good")
    models: list[dict[str, Any]] = [
        {"name": f"rule_{name}", "config": {"meta": meta}} for name, (meta, _) in RULES.items()
    ]
    versions = [f"trustgate.rules_version({{}}, {{'it': '{type_}'}})" for type_ in SAME_TYPE]
    pipeline.write("models/wrong/versions.sql", f"select {{{{ [{', '.join(versions)}] }}}} as it")
    for name in NAMES:
        models.append({"name": f"name_{name}", "config": {"meta": entity()}})
        pipeline.write(f"models/wrong/name_{name}.sql", declaring({**COLUMNS, name: "text"}))
        if name.startswith("_"):
            continue
        typed = [{"name": column} for column in ("id", name)]
        models.append({"name": f"base_{name}", "config": {"meta": entity()}, "columns": typed})
        for layer in ("landing", "raw", "base"):
            pipeline.write(f"models/wrong/{layer}_{name}.sql", f"{{{{ trustgate.{layer}() }}}}")
    listed = json.dumps({"version": 2, "models": models})
    pipeline.write("models/wrong/wrong.yml", listed.replace("NaN", ".nan"))
    for name in RULES:
        pipeline.write(f"models/wrong/rule_{name}.sql", declaring(COLUMNS))
    for name, (macro, arguments, _) in CALLS.items():
        pipeline.write(f"models/wrong/call_{name}.sql", call(macro, arguments))
    for macro in SOUND:
        pipeline.write(f"models/wrong/sound_{macro}.sql", call(macro, {}))
    # `dbt compile` would stop at the first error.
    return pipeline.dbt("run", "--select", "path:models/wrong")


def declaring(columns: Mapping[str, str]) -> str:
    """A model that declares an entity of these columns when it is compiled."""
    declared = f"trustgate.declared_entity(model.name, trustgate.entity_meta(), {columns})"
    return f"{DEPENDS}{{% if execute %}}{{% do {declared} %}}{{% endif %}}select 1 as one"


def call(macro: str, arguments: Mapping[str, Any] | list[Any]) -> str:
    """A model that calls a macro when it is compiled, and not while dbt parses."""
    if isinstance(arguments, list):
        written = f"{{{{ trustgate.{macro}({', '.join(map(repr, arguments))}) }}}}"
    else:
        given = {**SOUND[macro], **arguments}
        words = ", ".join(f"{name}={value!r}" for name, value in given.items())
        written = f"{{{{ trustgate.{macro}({words}) }}}}"
        if macro == "business_rule":
            written = f"{{% call trustgate.{macro}({words}) %}}select 1{{% endcall %}}"
    return f"{DEPENDS}{{% if execute %}}{written}{{% endif %}}"


@pytest.mark.parametrize("name", RULES)
def test_misdeclared_entity_says_what_is_wrong(compiled: Outcome, name: str) -> None:
    assert_invalid(compiled, f"rule_{name}", f"model rule_{name}", RULES[name][1])


def test_a_type_has_one_spelling_in_the_version_of_rules(compiled: Outcome) -> None:
    versions = re.findall("'([0-9a-f]{12})'", compiled.compiled["versions"])
    assert len(versions) == len(SAME_TYPE)
    assert len(set(versions)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_taken_name_of_a_column_says_why(compiled: Outcome, name: str) -> None:
    message = f": column is '{name}', which is {NAMES[name]}; give it another name"
    assert_invalid(compiled, f"name_{name}", f"model name_{name}", message)
    if not name.startswith("_"):  # Columns that YAML names so are Trustgate's, none of a file's.
        assert_invalid(compiled, f"raw_{name}", f"model raw_{name}", message)


@pytest.mark.parametrize("name", CALLS)
def test_wrong_argument_says_what_is_wrong(compiled: Outcome, name: str) -> None:
    expected = CALLS[name][2].replace("{model}", f"call_{name}")
    assert_invalid(compiled, f"call_{name}", "", expected)


def assert_invalid(compiled: Outcome, model: str, place: str, expected: str) -> None:
    """The only fault of the model is the one expected, and the message names place and fault."""
    assert compiled.statuses.get(model) == "error", f"{model} is valid"
    message = " ".join(compiled.messages[model].split())
    assert f"Compilation Error in model {model} " in message
    assert place in message
    assert " ".join(expected.split()) in message


@pytest.mark.parametrize("macro", SOUND)
def test_sound_arguments_are_valid(compiled: Outcome, macro: str) -> None:
    """So that what the cases above change is what is invalid; there is no table to read."""
    assert "Compilation Error" not in compiled.messages[f"sound_{macro}"]
