"""Where passes are kept, each result has a score and an actual value of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ..conftest import MakePipeline
from ..pipeline import Pipeline


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    made = make_pipeline("bad")
    made.set(dq_store_passes=True)
    made.runs("build", "--select", "+dq_results", "--exclude-resource-type", "test", "unit_test")
    return made


@pytest.fixture(scope="module")
def results(pipeline: Pipeline) -> dict[str, tuple[Any, ...]]:
    """Results of a payment whose method is unknown: passed, score, actual value by rule."""
    rows = pipeline.query(
        "select rule_id, passed, score, actual_value from quality.dq_results"
        " where entity = 'payments' and record_key = 'P-9105'"
    )
    return {rule: tuple(rest) for rule, *rest in rows}


def test_a_failure_has_a_score_of_0_and_the_value_that_failed(
    results: dict[str, tuple[Any, ...]],
) -> None:
    assert results["payment_method_known"] == (False, Decimal(0), "cash")
    assert [rule for rule, row in results.items() if not row[0]] == ["payment_method_known"]


def test_a_pass_has_a_score_of_100_and_the_value_that_passed(
    pipeline: Pipeline, results: dict[str, tuple[Any, ...]]
) -> None:
    received = pipeline.records("select * from raw.payments where payment_id = 'P-9105'")[0]
    passed = {rule: row for rule, row in results.items() if row[0]}
    assert {row[1] for row in passed.values()} == {Decimal(100)}
    declared: dict[str, str] = dict(
        pipeline.query(
            "select rule_id, column_name from quality.dq_rules where entity = 'payments'"
            " and column_name is not null"
        )
    )
    alone = {rule: column for rule, column in declared.items() if rule in passed}
    assert len(alone) > 4
    assert {rule: passed[rule][2] for rule in alone} == {
        rule: received[column] for rule, column in alone.items()
    }


def test_a_pass_of_several_columns_names_each(results: dict[str, tuple[Any, ...]]) -> None:
    several = [row[2] for row in results.values() if row[0] and row[2] and "=" in row[2]]
    assert several and all(", " in value or "=" in value for value in several)


def test_a_corrected_value_passes_as_corrected(pipeline: Pipeline) -> None:
    pipeline.query(
        "insert into quality.corrections (dataset, entity, record_key, record_id, field, old_value,"
        " new_value, reason, corrected_by) select _dataset, 'payments', _record_key, _record_id,"
        " 'method', 'cash', 'transfer', 'x', 'ada' from staging.base_payments"
        " where _record_key = 'P-9105'"
    )
    pipeline.runs("run", "--select", "base_payments", "dq_results")
    assert pipeline.query(
        "select passed, score, actual_value from quality.dq_results"
        " where record_key = 'P-9105' and rule_id = 'payment_method_known' order by validated_at"
    ) == [(False, Decimal(0), "cash"), (True, Decimal(100), "transfer")]
