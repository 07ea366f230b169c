"""What data tests read: in a run what they have not passed yet, in full everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from ..conftest import MakePipeline
from ..pipeline import Outcome, Pipeline

BUILD = ("build", "--exclude-resource-type", "unit_test")
NO_UNITS = ("--exclude", "test_type:unit")
TESTS = ("build", "--resource-type", "test", *NO_UNITS)
"""A run of tests alone: nothing that is broken is mended by a model."""
DEEP = ("--vars", "{deep: true}")
START = datetime(2026, 6, 1, tzinfo=timezone.utc)
TEST = "test.trustgate.a_test"

BREAKS = {
    "assert_one_good_version_per_key": """
        delete from staging.stg_orders
        where order_id = (select max(order_id) from staging.stg_orders)
    """,
    "assert_verdicts_name_broken_rules": """
        update staging.base_orders set _dq_warned = '{order_id_present}'
        where order_id = (select min(order_id) from staging.base_orders)
    """,
    "assert_every_failure_has_an_exception": """
        update staging.base_payments
        set _dq_status = 'WARNING', _dq_warned = '{payment_amount_positive}',
            _dq_details = '{"payment_amount_positive": []}'
        where payment_id = (select min(payment_id) from staging.base_payments where _is_latest)
    """,
    "stg_payments_amount": """
        update staging.stg_payments set amount = -1
        where payment_id = (select min(payment_id) from staging.stg_payments)
    """,
    "candidate_fct_payments_amount": """
        update candidate.fct_payments set amount = -1
        where payment_id = (select min(payment_id) from candidate.fct_payments)
    """,
}
"""What breaks each test; the good version that is missing leaves its record without a fate, too."""
BROKEN = {*BREAKS, "assert_every_record_has_one_fate"}
STAMPS = {
    "staging.base_orders": "_checked_at",
    "staging.base_payments": "_checked_at",
    "staging.stg_payments": "_checked_at",
    "candidate.fct_payments": "reconciled_at",
}


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    made = make_pipeline("good")
    assert made.runs(*BUILD).is_success
    return made


def found(outcome: Outcome) -> set[str]:
    """Which of BROKEN warned or failed."""
    names = outcome.of("warn") | outcome.of("fail")
    return {broken for broken in BROKEN if any(broken in name for name in names)}


@contextmanager
def broken(pipeline: Pipeline) -> Iterator[None]:
    """The layers broken by BREAKS; as they were, afterwards."""
    tables = [*STAMPS, "staging.stg_orders"]
    for table in tables:
        pipeline.query(f"create table {table}_kept as select * from {table}")
    for statement in BREAKS.values():
        pipeline.query(statement)
    yield
    for table in tables:
        pipeline.query(f"delete from {table}")
        pipeline.query(f"insert into {table} select * from {table}_kept")
        pipeline.query(f"drop table {table}_kept")


def test_old_rows_are_read_in_full_and_what_was_found_is_read_until_it_passes(
    pipeline: Pipeline,
) -> None:
    pipeline.runs(*TESTS)
    with broken(pipeline):
        assert found(pipeline.runs(*TESTS)) == set()
        assert found(pipeline.runs("test", *NO_UNITS)) == BROKEN
        assert found(pipeline.runs(*TESTS)) == set()
        assert found(pipeline.runs(*TESTS, *DEEP)) == BROKEN
        assert found(pipeline.runs(*TESTS)) == BROKEN
    assert found(pipeline.runs(*TESTS)) == set()


def test_rows_written_since_are_read_by_each_run_until_they_pass(pipeline: Pipeline) -> None:
    with broken(pipeline):
        for table, stamp in STAMPS.items():
            pipeline.query(f"update {table} set {stamp} = now()")
        # Who does not say when a row was written has it read each time.
        pipeline.query("update candidate.fct_payments set reconciled_at = null")
        assert found(pipeline.runs(*TESTS)) == BROKEN
        assert found(pipeline.runs(*TESTS)) == BROKEN
    assert found(pipeline.runs(*TESTS)) == set()


def test_unbalanced_batches_and_checks_the_gate_lacks_are_found(pipeline: Pipeline) -> None:
    both = {"assert_batches_balance", "assert_gate_asks_every_check"}
    selected = ("test", "--select", *both)
    assert pipeline.runs(*selected).of("pass") == both
    pipeline.query(
        """
        insert into quality.dq_rules (rule_id, entity, severity, check_name)
        values ('nobody_asks', 'nobody', 'error', 'not_null')
        """
    )
    pipeline.query(
        "update quality.recon_balance set match_status = 'MISMATCHED' where not is_summary"
    )
    assert pipeline.runs(*selected).of("warn") == both


@pytest.fixture(scope="module")
def recorded(pipeline: Pipeline) -> Pipeline:
    """Runs and results of one test, a day apart, after `pipeline` has made the function."""
    runs = {
        "passed": ("pass", "pass", False),
        "passed-gate-shut": ("pass", "fail", False),
        "failed": ("warn", "pass", False),
        "asking": (None, None, False),
        "asking-deep": (None, None, True),
    }
    for day, (run, (result, gate, is_deep)) in enumerate(runs.items()):
        begun = START + timedelta(days=day)
        ended = begun + timedelta(hours=1) if result else None
        pipeline.query(
            """
            insert into quality.pipeline_runs
                (run_id, command, status, started_at, finished_at, is_deep)
            values (%s, 'build', 'passed', %s, %s, %s)
            """,
            [run, begun, ended, is_deep],
        )
        for node, status in ((TEST, result), ("test.trustgate.is_open_gate", gate)):
            if status:
                pipeline.query(
                    """
                    insert into quality.test_results
                        (run_id, test_name, node_id, status, executed_at)
                    values (%s, %s, %s, %s, %s)
                    """,
                    [run, node.split(".")[-1], node, status, begun],
                )
    return pipeline


def comment(run: str, test: str = TEST) -> str:
    said = json.dumps({"app": "dbt", "invocation_id": run, "node_id": test})
    return f"/* {said} */\n"


def hours_since(pipeline: Pipeline, said: str, argument: str = "") -> str:
    """What the function returns: hours after START, or `-infinity` for everything."""
    return str(
        pipeline.value(
            said
            + f"""
            select case
                when isfinite(since)
                    then (extract(epoch from since - '{START.isoformat()}') / 3600)::integer::text
                else since::text
            end
            from (select quality.tested_from({argument}) as since) as asked
            """
        )
    )


def test_the_time_is_the_end_of_the_last_run_that_passed(recorded: Pipeline) -> None:
    everything = "-infinity"
    assert hours_since(recorded, comment("asking")) == "25"
    assert hours_since(recorded, comment("asking"), "needs_open_gate => true") == "1"
    assert hours_since(recorded, comment("asking-deep")) == everything
    assert hours_since(recorded, comment("asking", "test.trustgate.never_passed")) == everything
    assert hours_since(recorded, comment("unknown")) == everything
    assert hours_since(recorded, "") == everything


def test_after_a_deep_run_that_found_something_everything_is_read(recorded: Pipeline) -> None:
    recorded.query("update quality.pipeline_runs set is_deep = true where run_id = 'failed'")
    assert hours_since(recorded, comment("asking")) == "-infinity"
    recorded.query("update quality.test_results set status = 'pass' where run_id = 'failed'")
    assert hours_since(recorded, comment("asking")) == "49"


def test_the_planner_reads_the_time_as_a_constant(recorded: Pipeline) -> None:
    plan = recorded.query(
        comment("asking")
        + "explain select * from staging.stg_orders where _checked_at >= quality.tested_from()"
    )
    said = "\n".join(line for (line,) in plan)
    assert "2026-06-0" in said and "tested_from" not in said


def test_every_test_of_a_layer_says_what_it_reads(pipeline: Pipeline) -> None:
    (manifest,) = (Path(pipeline.root) / "target").glob("*/manifest.json")
    tests = [
        node
        for node in json.loads(manifest.read_text())["nodes"].values()
        if node["resource_type"] == "test" and node["fqn"][1] in ("staging", "candidate", "marts")
    ]
    assert len(tests) > 40
    unlimited = {node["name"] for node in tests if not node["config"]["where"]}
    assert all(name.startswith("rule_examples") for name in unlimited)
    namespace = f"{pipeline.namespace}_quality.tested_from("
    assert all(namespace in node["config"]["where"] for node in tests if node["config"]["where"])


def test_neither_models_nor_tests_are_compiled_first(pipeline: Pipeline) -> None:
    assert pipeline.value("select reset_val from pg_settings where name = 'jit'") == "on"
    asks = "select 1 as found where current_setting('jit') = 'on'"
    (pipeline.root / "tests" / "compiled_test.sql").write_text(asks)
    (pipeline.root / "models" / "raw" / "compiled_model.sql").write_text(
        "{{ config(materialized='table') }}\n" + asks
    )
    outcome = pipeline.runs("build", "--select", "compiled_test", "compiled_model")
    assert outcome.of("pass") == {"compiled_test"}
    assert pipeline.query("select * from raw.compiled_model") == []
