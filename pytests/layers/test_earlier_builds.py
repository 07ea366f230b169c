"""Layers that are never built again get the columns and indexes that their models declare."""

from __future__ import annotations

import pytest

from ..conftest import MakePipeline
from ..database import Row
from ..pipeline import Pipeline

INDEXES = """
    select regexp_replace(indexdef, ' INDEX \\S+ ON ', ' INDEX ON ')
    from pg_indexes
    where schemaname = %s and tablename = any(%s)
    order by tablename, 1
"""
COLUMNS = """
    select attname, format_type(atttypid, atttypmod)
    from pg_attribute
    where attrelid = %s::regclass and attnum > 0 and not attisdropped
"""
TABLES = ["exception_findings", "dq_results"]
SELECTED = ("run", "--select", *TABLES)
FINDINGS = "package/models/quality/exceptions/exception_findings.sql"


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    made = make_pipeline("bad")
    made.runs("build", "--exclude-resource-type", "test", "unit_test")
    return made


def indexes(pipeline: Pipeline) -> list[str]:
    named = [f"{pipeline.namespace}_quality", TABLES]
    return [definition for (definition,) in pipeline.query(INDEXES, named)]


def columns(pipeline: Pipeline, table: str) -> set[Row]:
    return set(pipeline.query(COLUMNS, [f"{pipeline.namespace}_{table}"]))


def test_lost_indexes_are_made_again_and_only_those(pipeline: Pipeline) -> None:
    declared = indexes(pipeline)
    assert any("UNIQUE" in one for one in declared)
    lost = pipeline.query(
        "select indexname from pg_indexes"
        " where schemaname = %s and tablename = 'exception_findings'",
        [f"{pipeline.namespace}_quality"],
    )
    for (name,) in lost:
        pipeline.query(f'drop index {pipeline.namespace}_quality."{name}"')
    assert len(indexes(pipeline)) == len(declared) - len(lost) < len(declared)
    pipeline.runs(*SELECTED)
    assert indexes(pipeline) == declared


def test_an_index_declared_later_is_made(pipeline: Pipeline) -> None:
    before = indexes(pipeline)
    pipeline.edit(FINDINGS, "{'columns': ['check_id']},", "{'columns': ['check_id', 'entity']},")
    pipeline.runs(*SELECTED)
    (made,) = set(indexes(pipeline)) - set(before)
    assert made.endswith("exception_findings USING btree (check_id, entity)")
    pipeline.runs(*SELECTED)
    assert len(indexes(pipeline)) == len(before) + 1


def test_lost_columns_are_added_again_arrays_too(pipeline: Pipeline) -> None:
    declared = columns(pipeline, "staging.base_payments")
    mismatches = columns(pipeline, "quality.recon_order_totals")
    records = pipeline.query("select _record_id from staging.base_payments order by 1")
    assert ("_dq_warned", "text[]") in declared
    pipeline.query("alter table staging.base_payments drop _dq_warned cascade")
    pipeline.query("alter table quality.recon_order_totals drop mismatched_fields cascade")
    pipeline.runs("run")
    assert columns(pipeline, "staging.base_payments") == declared
    assert columns(pipeline, "quality.recon_order_totals") == mismatches
    assert pipeline.query("select _record_id from staging.base_payments order by 1") == records
