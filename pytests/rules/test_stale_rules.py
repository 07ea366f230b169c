"""A verdict belongs to the rules that made it: a rule that is renamed or removed opens nothing."""

from __future__ import annotations

import pytest

from ..conftest import MakePipeline
from ..pipeline import Pipeline

FAILING = """
    select record_key from quality.open_exceptions
    where entity = 'orders' and check_id = %s order by 1
"""
STALE = """
    select open_count > 0, is_open, severity from quality.gate
    where check_id = 'orders_stale_rules'
"""
BUILD = ("build", "--exclude", "resource_type:unit_test")


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    made = make_pipeline("bad")
    for file in (made.root / "tests").glob("*.sql"):
        file.unlink()
    made.dbt(*BUILD)
    return made


def test_a_renamed_rule_keeps_its_failures_until_they_are_evaluated(pipeline: Pipeline) -> None:
    before = pipeline.query(FAILING, ["order_status_known"])
    assert before
    assert pipeline.query(STALE) == [(False, True, "ERROR")]
    pipeline.edit("models/orders/orders.yml", "id: order_status_known", "id: order_status_listed")
    pipeline.dbt(*BUILD)
    assert pipeline.query(STALE) == [(True, False, "ERROR")]
    assert pipeline.query(FAILING, ["order_status_known"]) == before
    pipeline.query(
        "insert into quality.reprocess_requests (dataset, entity, scope, requested_by)"
        " values ('bad', 'orders', 'stale_rules', 'ada')"
    )
    pipeline.dbt(*BUILD)
    assert pipeline.query(STALE) == [(False, True, "ERROR")]
    assert pipeline.query(FAILING, ["order_status_known"]) == []
    assert pipeline.query(FAILING, ["order_status_listed"]) == before


def test_a_removed_rule_shuts_the_gate_unless_that_is_allowed(pipeline: Pipeline) -> None:
    text = (pipeline.root / "models/orders/orders.yml").read_text()
    lines = text.splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if "id: order_status_listed" in line)
    end = next(n for n in range(start + 1, len(lines)) if "- id:" in lines[n])
    pipeline.write("models/orders/orders.yml", "".join(lines[:start] + lines[end:]))
    failing = pipeline.query(FAILING, ["order_status_listed"])
    pipeline.dbt(*BUILD)
    assert pipeline.query(STALE) == [(True, False, "ERROR")]
    assert pipeline.query(FAILING, ["order_status_listed"]) == failing
    pipeline.edit(
        "models/orders/orders.yml", "gate: {max_failed_rate: 0}", "gate: {stale_rules: allow}"
    )
    pipeline.dbt(*BUILD)
    assert pipeline.query(STALE) == [(True, True, "WARNING")]
