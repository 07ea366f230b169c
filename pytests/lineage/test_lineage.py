"""A record's story, as SQL and as the command tell it, on the bundled failures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from ..conftest import MakePipeline
from ..pipeline import REPOSITORY, Pipeline

RECORDS = 30_000
MILLISECONDS = 100.0
FAILING = "P-9105"
"""A payment of `bad` whose method is unknown, and nothing else."""


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    """`bad`, built once, with what people did about one payment."""
    made = make_pipeline("bad")
    made.runs("build", "--exclude-resource-type", "test", "unit_test")
    made.query(
        """
        insert into quality.corrections (
            correction_id, dataset, entity, record_key, record_id, field, old_value, new_value,
            reason, corrected_by, corrected_at, reverted_at
        )
        select gen_random_uuid(), _dataset, 'payments', _record_key, _record_id, 'method',
            'cash', 'transfer', 'as the shop says', 'ada', now() + interval '1 minute',
            now() + interval '2 minutes'
        from staging.base_payments where _record_key = %(key)s;
        """,
        {"key": FAILING},
    )
    made.query(
        """
        insert into quality.reprocess_requests (
            dataset, entity, scope, record_key, reason, requested_by, requested_at
        ) values (
            'bad', 'payments', 'key', %(key)s, 'try again', 'ada',
            now() + interval '3 minutes'
        )
        """,
        {"key": FAILING},
    )
    made.query(
        """
        insert into quality.exception_events (
            exception_id, event, actor, from_status, to_status, note, occurred_at
        )
        select exception_id, 'ACKNOWLEDGED', 'ada', 'NEW', 'ACKNOWLEDGED', 'looking',
            now() + interval '4 minutes'
        from quality.exception_findings where record_key = %(key)s
        """,
        {"key": FAILING},
    )
    made.query(
        """
        insert into quality.dq_results (
            run_id, dataset, entity, record_id, record_key, rule_id, severity, passed, validated_at
        )
        select 'an-earlier-run', _dataset, 'payments', _record_id, _record_key,
            'payment_status_known', 'error', false, _checked_at - interval '1 millisecond'
        from staging.base_payments where _record_key = %(key)s
        """,
        {"key": FAILING},
    )
    return made


def runner(pipeline: Pipeline, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The runner in the pipeline's copy of the project."""
    return subprocess.run(
        [sys.executable, "-m", "runner", *arguments],
        cwd=pipeline.root,
        env={
            **{name: value for name, value in os.environ.items() if name != "COLUMNS"},
            "PYTHONPATH": str(REPOSITORY),
            "TRUSTGATE_NAMESPACE": pipeline.namespace,
            "TRUSTGATE_DATASET": pipeline.dataset,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_story_is_told_in_order(pipeline: Pipeline) -> None:
    told = runner(pipeline, "lineage", "payments", FAILING, "--json")
    assert told.returncode == 0, told.stderr
    story = json.loads(told.stdout)
    (version,) = story["versions"]
    assert version["fate"] == "QUARANTINED"
    assert [(event["stage"], event["status"], event["actor"]) for event in story["events"]] == [
        ("raw", "RECEIVED", None),
        ("verdict", "FAILED", None),
        ("base", "FAILED", None),
        ("exception", "OPENED", "run"),
        ("correction", "CORRECTED", "ada"),
        ("correction", "REVERTED", None),
        ("request", "REQUESTED", "ada"),
        ("exception", "ACKNOWLEDGED", "ada"),
    ]
    details = [event["detail"] for event in story["events"]]
    assert "bad_payments.csv row " in details[0]
    assert details[1] == "failed payment_status_known"
    assert details[2] == "version 1, failed payment_method_known"
    assert details[4] == "method 'cash' to 'transfer': as the shop says"
    assert details[7] == "payment_method_known: looking (NEW to ACKNOWLEDGED)"
    assert story["mart_rows"] == []


def test_the_text_fits_80_columns_and_is_plain(pipeline: Pipeline) -> None:
    told = runner(pipeline, "lineage", "payments", FAILING)
    assert told.returncode == 0, told.stderr
    assert "\x1b" not in told.stdout
    assert max(map(len, told.stdout.splitlines())) <= 80
    assert "corrected by ada" in told.stdout


def test_a_promoted_record_counts_in_rows_of_the_marts(pipeline: Pipeline) -> None:
    ((key, day),) = pipeline.query(
        """
        select payment_id, (paid_at at time zone 'UTC')::date::text from candidate.fct_payments
        where status = 'captured' and currency = 'BRL' order by payment_id limit 1
        """
    )
    story = json.loads(runner(pipeline, "lineage", "payments", key, "--json").stdout)
    rows = [(row["relation"].partition("_")[2], row["key"]) for row in story["mart_rows"]]
    assert rows == [
        ("marts.fct_payments", {"payment_id": key}),
        ("marts.fact_revenue_daily", {"revenue_date": day, "currency": "BRL"}),
    ]
    # The gate is shut: nothing was ever published.
    assert {row["state"] for row in story["mart_rows"]} == {"not published"}


def test_a_published_row_is_told_from_one_that_changed_since(pipeline: Pipeline) -> None:
    ((key,),) = pipeline.query(
        "select order_id from candidate.fct_orders order by order_id limit 1"
    )
    columns = pipeline.value(
        "select string_agg(attname, ', ') from pg_attribute"
        " where attrelid = %s::regclass and attnum > 0 and not attisdropped"
        " and attname <> '_run_id'",
        [pipeline.named("marts.fct_orders")],
    )
    pipeline.query(
        f"insert into marts.fct_orders ({columns}) select {columns} from candidate.fct_orders"
    )

    def state() -> str:
        story = json.loads(runner(pipeline, "lineage", "orders", key, "--json").stdout)
        return str(story["mart_rows"][0]["state"])

    published = state()
    pipeline.query("update marts.fct_orders set status = 'other' where order_id = %s", [key])
    changed = state()
    pipeline.query("delete from marts.fct_orders")
    assert (published, changed) == ("published", "published in another state")


def test_a_record_without_a_key_is_found_by_its_record_id(pipeline: Pipeline) -> None:
    record_id = pipeline.value(
        "select _record_id::text from staging.base_payments where payment_id is null"
    )
    story = json.loads(runner(pipeline, "lineage", "payments", record_id, "--json").stdout)
    assert story["versions"][0]["record_id"] == record_id
    assert "payment_id_present" in story["events"][1]["detail"]


def test_what_nobody_checked_yet_and_what_was_rejected_is_found(pipeline: Pipeline) -> None:
    pipeline.query(
        """
        insert into quality.batches (batch_id, dataset, entity, source_file, status, loaded_at)
        values ('b-1', 'bad', 'payments', 'b.csv', 'LOADED', now());
        insert into quality.rejects values ('b-1', 7, 'a quote is never closed', 'x');
        insert into raw.payments (
            _record_id, _dataset, _batch_id, _row_number, _source_file, _worker_id, _loaded_at
        ) values (
            '00000000-0000-0000-0000-000000000007', 'bad', 'b-1', 8, 'b.csv', 0, now()
        )
        """
    )
    rejected = runner(pipeline, "lineage", "payments", "b-1:7")
    pending = runner(pipeline, "lineage", "payments", "00000000-0000-0000-0000-000000000007")
    pipeline.query(
        "delete from quality.batches where batch_id = 'b-1';"
        "delete from quality.rejects; delete from raw.payments where _batch_id = 'b-1'"
    )
    assert "a quote is never closed" in rejected.stdout
    assert "PENDING: received, not evaluated yet" in pending.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["payments", "P-0"], "There is no record P-0 of payments in dataset bad."),
        (["payments", ""], "There is no record (empty key) of payments in dataset bad."),
        (["refunds", "P-0"], "There is no entity refunds."),
        (
            ["payments", FAILING, "--dataset", "good"],
            f"There is no record {FAILING} of payments in dataset good.",
        ),
    ],
)
def test_an_unknown_record_is_one_sentence_and_exit_code_2(
    pipeline: Pipeline, arguments: list[str], sentence: str
) -> None:
    told = runner(pipeline, "lineage", *arguments)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith(f"Error: {sentence}\n")


def test_explain_groups_the_bundled_failures_and_names_commands(pipeline: Pipeline) -> None:
    told = runner(pipeline, "exceptions", "explain", "--json")
    assert told.returncode == 0, told.stderr
    explanation = json.loads(told.stdout)
    total = pipeline.value("select count(*) from quality.open_exceptions where dataset = 'bad'")
    assert explanation["exceptions"] == total
    types = {
        name
        for group in explanation["groups"]
        for action in group["actions"]
        for name in action["exception_types"]
    }
    assert types == {
        *("DQ_FAILURE", "VALIDATION_ERROR", "PARSE_ERROR"),
        *("RECON_MISMATCH", "METRIC_DRIFT"),
    }
    text = runner(pipeline, "exceptions", "explain", "--check", "payment_method_known").stdout
    assert "No significant cause: 4 exceptions" in text
    assert "runner correct payments P-1214 method=VALUE --dataset bad" in text
    assert "no open exceptions" in runner(pipeline, "exceptions", "explain", "--check", "x").stdout


@pytest.fixture
def many(pipeline: Pipeline) -> Iterator[str]:
    """Record id of one of many more payments, known to every relation that lineage reads."""
    record_id = "md5('many' || n)::uuid"
    key = "'K-' || n"
    for relation, own in {
        "raw.payments": {"_record_id": record_id, "payment_id": key},
        "staging.base_payments": {"_record_id": record_id, "_record_key": key, "payment_id": key},
        "candidate.fct_payments": {"_record_id": record_id, "payment_id": key},
        "quality.dq_results": {"record_id": record_id, "record_key": key, "entity": "'payments'"},
        "quality.exception_findings": {
            "exception_id": record_id,
            "record_id": record_id,
            "record_key": key,
            "entity": "'payments'",
        },
        "quality.exception_events": {"exception_id": record_id},
        "quality.corrections": {"correction_id": record_id, "record_key": key},
        "quality.reprocess_requests": {"request_id": record_id, "record_key": key},
    }.items():
        _multiply(pipeline, relation, own)
    yield str(pipeline.value("select md5('many17')::uuid"))


def _multiply(pipeline: Pipeline, relation: str, own: dict[str, str]) -> None:
    """Add RECORDS copies of a row of the relation, each with values of its own."""
    columns = pipeline.query(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and not attisdropped",
        [pipeline.named(relation)],
    )
    names = [name for (name,) in columns]
    values = ", ".join(own.get(name, f"one.{name}") for name in names)
    pipeline.query(
        f"""
        insert into {relation} ({", ".join(names)})
        select {values}
        from (select * from {relation} limit 1) as one, generate_series(1, {RECORDS}) as n
        """
    )
    pipeline.query(f"analyze {relation}")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All nodes of a plan."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def test_a_look_up_by_key_or_record_id_goes_through_indexes(pipeline: Pipeline, many: str) -> None:
    small = {"fact_revenue_daily", "batches", "batch_controls"}
    for condition in (
        "dataset = 'bad' and entity = 'payments' and record_key = 'K-17'",
        f"record_id = '{many}'",
    ):
        explained = pipeline.value(
            "explain (analyze, buffers, format json)"
            f" select * from quality.record_lineage where {condition}"
        )[0]
        scanned = {
            node["Relation Name"]
            for node in nodes(explained["Plan"])
            if node["Node Type"] == "Seq Scan" and node["Actual Loops"]
        }
        assert scanned <= small, condition
        assert explained["Plan"]["Actual Rows"] >= 5
        assert explained["Planning Time"] + explained["Execution Time"] < MILLISECONDS
