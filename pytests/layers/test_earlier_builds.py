"""Tables that are never built anew are given the columns and indexes that their models declare."""

from __future__ import annotations

import pytest

from ..conftest import MakePipeline
from ..database import Row
from ..pipeline import Pipeline

INDEXES = """
    select regexp_replace(indexdef, ' INDEX \\S+ ON ', ' INDEX ON ') from pg_indexes
    where schemaname = %s and tablename = any(%s) order by tablename, 1
"""
TABLES = ["exception_findings", "corrections", "layer_progress"]
SELECTED = ("run", "--select", *TABLES)


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    made = make_pipeline("good")
    made.runs("build", "--exclude-resource-type", "test", "unit_test")
    return made


def indexes(pipeline: Pipeline) -> list[str]:
    named = [f"{pipeline.namespace}_quality", TABLES]
    return [definition for (definition,) in pipeline.query(INDEXES, named)]


def test_lost_indexes_are_made_again_and_only_those(pipeline: Pipeline) -> None:
    declared = indexes(pipeline)
    assert any("UNIQUE" in one for one in declared)
    lost = pipeline.query(
        "select indexname from pg_indexes"
        " where schemaname = %s and tablename in ('exception_findings', 'corrections')",
        [f"{pipeline.namespace}_quality"],
    )
    for (name,) in lost:
        pipeline.query(f'drop index {pipeline.namespace}_quality."{name}"')
    assert len(indexes(pipeline)) == len(declared) - len(lost) < len(declared)
    pipeline.runs(*SELECTED)
    assert indexes(pipeline) == declared


def test_an_index_declared_later_is_made(pipeline: Pipeline) -> None:
    before = indexes(pipeline)
    pipeline.edit(
        "package/models/quality/people/corrections.sql",
        "[{'columns': ['record_key']}]",
        "[{'columns': ['record_key']}, {'columns': ['entity', 'dataset']}]",
    )
    pipeline.runs(*SELECTED)
    (made,) = set(indexes(pipeline)) - set(before)
    assert made.endswith("corrections USING btree (entity, dataset)")
    pipeline.runs(*SELECTED)
    assert len(indexes(pipeline)) == len(before) + 1


def test_lost_columns_are_added_again_arrays_too(pipeline: Pipeline) -> None:
    def columns() -> set[Row]:
        return set(
            pipeline.query(
                "select attname, format_type(atttypid, atttypmod) from pg_attribute"
                " where attrelid = %s::regclass and attnum > 0 and not attisdropped",
                [f"{pipeline.namespace}_quality.batches"],
            )
        )

    declared = columns()
    batches = pipeline.query("select batch_id, status from quality.batches order by 1")
    assert ("extra_columns", "text[]") in declared
    pipeline.query(
        "alter table quality.batches drop extra_columns cascade, drop amount_total cascade"
    )
    pipeline.runs("run")
    assert columns() == declared
    assert pipeline.query("select batch_id, status from quality.batches order by 1") == batches
