"""What is altered behind the pipeline is noticed, named, not published, and restored."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from ..conftest import MakePipeline
from ..pipeline import Pipeline
from .state import judgement, layers

LAYERS = {
    "raw.orders": "raw_orders",
    "raw.payments": "raw_payments",
    "staging.base_orders": "base_orders",
    "staging.base_payments": "base_payments",
    "candidate.fct_orders": "candidate_fct_orders",
    "candidate.fct_payments": "candidate_fct_payments",
    "candidate.fact_revenue_daily": "candidate_fact_revenue_daily",
}
MARTS = {f"marts.{name}": name for name in ("fct_orders", "fct_payments", "fact_revenue_daily")}
GATE = "tag:gate"
OTHER_VALUES = {
    "text": "'altered'",
    "boolean": "not coalesce({column}, false)",
    "uuid": "gen_random_uuid()",
    "date": "coalesce({column}, '2026-01-01') + 1",
    "timestamp with time zone": "coalesce({column}, now()) + interval '1 day'",
    "jsonb": """'{{"altered": ["x", 0, 1]}}'""",
    "ARRAY": "array['altered']",
}
"""A value that a column does not have, by its type; numbers are one greater."""


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    made = make_pipeline("good")
    for file in (made.root / "tests").glob("*.sql"):
        file.unlink()
    made.runs("build")
    return made


def columns(pipeline: Pipeline, table: str) -> dict[str, str]:
    """Type of each column."""
    return dict(
        pipeline.query(
            "select column_name, data_type from information_schema.columns"
            " where format('%%I.%%I', table_schema, table_name) = %s",
            [pipeline.named(table)],
        )
    )


def alter(pipeline: Pipeline, table: str, choose: random.Random) -> str:
    """Alter a column of a row of a table, or remove it, as a user of the database would.

    Returns: What was done.
    """
    (place,) = choose.choice(pipeline.query(f"select ctid::text from {table} order by 1"))
    if choose.random() < 0.25:
        pipeline.query(f"delete from {table} where ctid = '{place}'")
        return f"{table}: removed"
    types = columns(pipeline, table)
    column = choose.choice(sorted(types))
    other = OTHER_VALUES.get(types[column], "coalesce({column}, 0) + 1").format(column=column)
    try:
        pipeline.query(f"update {table} set {column} = {other} where ctid = '{place}'")
    except psycopg.errors.UniqueViolation:
        return alter(pipeline, table, choose)
    return f"{table}.{column}"


def contents(pipeline: Pipeline) -> dict[str, Any]:
    """What layers and marts hold, but for when it was written."""
    stamps = " - ".join(f"'{name}'" for name in ("_run_id", "reconciled_at"))
    marts = {
        table: pipeline.query(
            f"select (to_jsonb(row) - {stamps})::text from {table} as row order by 1"
        )
        for table in MARTS
    }
    raw = {
        table: pipeline.query(f"select row::text from {table} as row order by 1")
        for table in ("raw.orders", "raw.payments")
    }
    found = {**layers(pipeline), **judgement(pipeline), **marts, **raw}
    del found["gate"]  # Its details count what was compared with what is published.
    return found


def differences(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """Rows that are only in one of two contents, by table."""
    return {
        name: (set(found[name]) - set(rows), set(rows) - set(found[name]))
        for name, rows in expected.items()
        if found[name] != rows
    }


def noticed(pipeline: Pipeline) -> set[str]:
    """Layers with an exception for an alteration."""
    found = pipeline.query(
        "select target_table from quality.open_exceptions where exception_type = 'ALTERATION'"
    )
    return {layer for (layer,) in found}


def shut(pipeline: Pipeline) -> list[Any]:
    return pipeline.query("select check_id, detail from quality.gate where not is_open")


def restore(pipeline: Pipeline) -> None:
    """Request that everything altered be restored, and run."""
    pipeline.query(
        "insert into quality.reprocess_requests (dataset, entity, scope, requested_by)"
        " values ('good', 'orders', 'altered', 'ada'), ('good', 'payments', 'altered', 'ada')"
    )
    outcome = pipeline.runs("build")
    assert outcome.is_success, shut(pipeline)


@contextmanager
def unwatched(pipeline: Pipeline) -> Iterator[None]:
    """Let no trigger notice what is altered."""
    for enabled in ("disable", "enable"):
        for table in [*LAYERS, *MARTS]:
            pipeline.query(f"alter table {table} {enabled} trigger user")
        if enabled == "disable":
            yield


@pytest.mark.parametrize("round_", range(3))
def test_alterations_shut_the_gate_until_they_are_restored(
    pipeline: Pipeline, round_: int, seed: int
) -> None:
    choose = random.Random(f"{seed} {round_}")
    expected = contents(pipeline)
    published = {table: expected[table] for table in MARTS}
    tables = choose.choices(sorted(LAYERS), k=4) + choose.sample(sorted(LAYERS), k=4)
    done = [alter(pipeline, table, choose) for table in tables]
    outcome = pipeline.dbt("build")
    assert "is_open_gate_" in outcome.of("fail"), done
    assert noticed(pipeline) == {LAYERS[table] for table in tables}, done
    assert {table: contents(pipeline)[table] for table in MARTS} == published
    restore(pipeline)
    found = contents(pipeline)
    assert differences(found, expected) == {}, done
    assert not noticed(pipeline)


@pytest.mark.parametrize("round_", range(2))
def test_a_run_makes_altered_marts_equal_to_their_candidates(
    pipeline: Pipeline, round_: int, seed: int
) -> None:
    choose = random.Random(f"marts {seed} {round_}")
    expected = contents(pipeline)
    done = [alter(pipeline, table, choose) for table in choose.choices(sorted(MARTS), k=8)]
    pipeline.query("insert into marts.fct_orders select 'O-FAKE'")
    assert pipeline.runs("build").is_success, shut(pipeline)
    found = contents(pipeline)
    assert differences(found, expected) == {}, done
    run = "(select run_id from quality.pipeline_runs order by started_at desc limit 1)"
    restored = f"select count(*) from quality.alterations where restored_run = {run}"
    assert pipeline.value(restored) == 9
    assert pipeline.value("select count(*) from quality.alterations where restored_at is null") == 0


def test_a_table_that_was_emptied_is_restored(pipeline: Pipeline) -> None:
    expected = contents(pipeline)
    for table in ("raw.payments", "staging.base_orders", "candidate.fct_payments"):
        pipeline.query(f"truncate {table}")
    pipeline.query("truncate marts.fct_orders")
    assert "is_open_gate_" in pipeline.dbt("build").of("fail")
    restore(pipeline)
    found = contents(pipeline)
    assert differences(found, expected) == {}


def test_a_deep_run_names_and_restores_what_no_trigger_noticed(pipeline: Pipeline) -> None:
    expected = contents(pipeline)
    pipeline.query("delete from quality.alterations")
    with unwatched(pipeline):
        pipeline.query(
            """
            update staging.base_payments set amount = amount + 1 where payment_id = 'P-1001';
            delete from staging.base_orders where order_id = 'O-1002';
            update candidate.fct_orders set customer_id = 'X' where order_id = 'O-1003';
            delete from candidate.fact_revenue_daily
            where revenue_date = (select max(revenue_date) from candidate.fact_revenue_daily);
            update marts.fct_payments set method = 'cash' where payment_id = 'P-1004';
            delete from marts.fct_orders where order_id = 'O-1005';
            """
        )
    assert pipeline.runs("build", "--vars", "deep: true").is_success, shut(pipeline)
    assert {
        (layer, key, operation, tuple(fields) if operation == "UPDATE" else ())
        for layer, key, operation, fields in pipeline.query(
            "select layer, record_key, operation, fields from quality.alterations"
            " where found_by = 'comparison' and restored_at is not null"
        )
    } >= {
        ("base_payments", "P-1001", "UPDATE", ("amount",)),
        ("base_orders", "O-1002", "DELETE", ()),
        ("candidate_fct_orders", "O-1003", "UPDATE", ("customer_id",)),
        ("fct_payments", "P-1004", "UPDATE", ("method",)),
        ("fct_orders", "O-1005", "DELETE", ()),
    }
    assert pipeline.value(
        "select count(*) from quality.alterations where layer = 'candidate_fact_revenue_daily'"
    )
    found = contents(pipeline)
    assert differences(found, expected) == {}


def test_a_deep_run_of_what_nobody_altered_names_nothing(pipeline: Pipeline) -> None:
    pipeline.query("delete from quality.alterations")
    assert pipeline.runs("build", "--vars", "deep: true").is_success, shut(pipeline)
    assert pipeline.query("select * from quality.alterations") == []


def test_a_raw_record_that_no_trigger_saw_altered_is_named_and_shuts_the_gate(
    pipeline: Pipeline,
) -> None:
    expected = contents(pipeline)
    with unwatched(pipeline):
        pipeline.query("update raw.payments set amount = '1.00' where payment_id = 'P-1001'")
    outcome = pipeline.dbt("build", "--vars", "deep: true")
    assert "is_open_gate_" in outcome.of("fail")
    assert pipeline.query(
        "select layer, record_key, operation, fields, restored_at from quality.alterations"
    ) == [("raw_payments", "P-1001", "UPDATE", ["amount"], None)]
    # Nothing says what it held; put right by hand, it is known to be right.
    (content,) = [row for (row,) in expected["raw.payments"] if ",P-1001," in row]
    with unwatched(pipeline):
        pipeline.query("delete from raw.payments where payment_id = 'P-1001'")
        pipeline.query("insert into raw.payments select (%s::raw.payments).*", [content])
    restore(pipeline)
    found = contents(pipeline)
    assert differences(found, expected) == {}
