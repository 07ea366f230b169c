"""Whatever is corrected, resent, asked for again or killed ends as a full rebuild does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from random import Random

import pytest

from ..conftest import MakePipeline
from ..layers.candidates import overlooked
from ..layers.scenarios import LOADED_AT, busy_scenario
from ..layers.state import differences, judgement, layers
from ..layers.totals import differing_totals
from ..pipeline import Pipeline

DATASET = "busy-02"
ROUNDS = 7
KILLS = int(os.environ.get("TRUSTGATE_TEST_KILLS", "3"))
"""Runs that are killed somewhere in the history: TRUSTGATE_TEST_KILLS, to look further."""
KILLED_RUN = (sys.executable, "-m", "runner", "run", "--dataset", DATASET)
RUNS = "select count(*) from quality.pipeline_runs"
ZONE = "        time_zone: Asia/Tokyo\n"
RULE_CHANGES = {
    1: (
        ("min_value: 0\n            strictly: true", "min_value: 9\n            strictly: true"),
        ("        version: updated_at\n", f"        version: updated_at\n{ZONE}"),
    ),
    2: (
        ("min_value: 9\n            strictly: true", "min_value: 0\n            strictly: true"),
        (ZONE, ""),
    ),
}
"""Rounds after which rules and formats of payments become others: what stood, and what stands then.

After the others only few records change, so that what a layer overlooks is not made good by chance.
"""
ASK_FOR_STALE = """
    insert into quality.reprocess_requests (
        request_id, dataset, entity, scope, requested_by, requested_at
    ) values (gen_random_uuid(), %s, 'payments', 'stale_rules', 'test', now())
"""
LONGEST = 4.0
"""Seconds from a run's start within which it is killed: about what an undisturbed one takes."""
BUILD = ("run", "--exclude", "tag:intake")
POOL = {
    "payments": {
        "amount": ("12.50", "1,234.50", "-1.00", "x", None),
        "status": ("captured", "refunded", "lost", None),
        "order_id": ("O-1", "O-none", None),
        "updated_at": ("2026-05-01T00:00:00Z", "2026-01-01T00:00:00Z", "soon", None),
        "paid_at": ("2026-05-01T00:00:00Z", "2099-01-01T00:00:00Z", None),
        "currency": ("BRL", "USD", "USD", "GBP", None),
    },
    "orders": {
        "order_total": ("10.00", "99.99", "x", None),
        "status": ("delivered", "lost", None),
        "updated_at": ("2026-05-02T00:00:00Z", "2026-01-01T00:00:00Z", "soon", None),
    },
}
"""Values to put in place of received ones: good, bad and none."""

CORRECT = """
    insert into quality.corrections (
        correction_id, dataset, entity, record_key, record_id, field, new_value, reason,
        corrected_by, corrected_at
    )
    select gen_random_uuid(), _dataset, %(entity)s, _record_key, _record_id, %(field)s, %(value)s,
        'test', 'test', clock_timestamp()
    from staging.base_{entity}
    where _dataset = %(dataset)s
    order by md5(_record_id::text || %(salt)s)
    limit 2
"""


@pytest.fixture(scope="module")
def reprocessed(make_pipeline: MakePipeline, seed: int) -> Iterator[Pipeline]:
    """Batches, and between them corrections of any version, some taken back, requests and kills.

    In some rounds a rule is another, or the zone of local times.
    """
    random = Random(seed)
    scenario = busy_scenario(DATASET, ROUNDS, random)
    pipeline = make_pipeline(DATASET)
    # No attempt becomes due by the clock, whatever the history takes.
    pipeline.set(retry_minutes=[600])
    pipeline.runs("run", "--select", "tag:intake")
    kills = random.choices(range(ROUNDS + 1), k=KILLS)
    for number in range(ROUNDS):
        for entity, records in scenario.arrivals[number].items():
            if records:
                pipeline.load(entity, records, f"{DATASET}-{entity}-{number}", LOADED_AT)
        for _ in range(kills.count(number)):
            kill_a_run(pipeline, random.uniform(0, LONGEST))
        pipeline.runs(*BUILD)
        assert overlooked(pipeline) == {}, f"after round {number}"
        meddle(pipeline, random)
        if number in RULE_CHANGES:
            change_rules(pipeline, RULE_CHANGES[number])
    for _ in range(kills.count(ROUNDS)):
        kill_a_run(pipeline, random.uniform(0, LONGEST))
    pipeline.runs(*BUILD)
    yield pipeline


def kill_a_run(pipeline: Pipeline, seconds: float) -> None:
    """Start a run and kill it so long after it has begun to build; it may have ended by then."""
    with subprocess.Popen(
        KILLED_RUN,
        cwd=pipeline.root,
        env=pipeline.process_environment(DBT_TARGET_PATH=str(pipeline.root / "target" / "killed")),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        before, until = pipeline.value(RUNS), time.monotonic() + 120
        while process.poll() is None and pipeline.value(RUNS) == before:
            assert time.monotonic() < until, "the run never began"
            time.sleep(0.05)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()


def change_rules(pipeline: Pipeline, changes: Iterable[tuple[str, str]]) -> None:
    """Other rules, and the request to bring records of the earlier ones up to date."""
    for old, new in changes:
        pipeline.edit("models/payments/payments.yml", old, new)
    pipeline.query(ASK_FOR_STALE, [DATASET])


def meddle(pipeline: Pipeline, random: Random) -> None:
    """Correct a few records: of many, so much is touched that nothing overlooked would show."""
    for entity, fields in POOL.items():
        chosen = {"amount", *random.sample(sorted(fields), k=2)}
        for field, values in ((field, fields[field]) for field in fields if field in chosen):
            if field == "order_id":
                values = (*values, *another_order(pipeline, random))
            if field == "paid_at":
                values = (*values, *(a_day_of_its_own(random) for _ in range(6)))
            pipeline.query(
                CORRECT.format(entity=entity),
                {
                    "entity": entity,
                    "field": field,
                    "value": random.choice(values),
                    "dataset": DATASET,
                    "salt": str(random.random()),
                },
            )
    pipeline.query(
        """
        update quality.corrections set reverted_at = clock_timestamp(), reverted_by = 'test'
        where reverted_at is null and hashtext(correction_id::text || %s) %% 4 = 0
        """,
        [str(random.random())],
    )
    pipeline.query(
        """
        insert into quality.reprocess_requests (
            request_id, dataset, entity, scope, record_key, requested_by, requested_at
        )
        select gen_random_uuid(), _dataset, 'payments', 'key', _record_key, 'test', now()
        from staging.base_payments
        where _dataset = %s
        limit 5
        """,
        [DATASET],
    )


def a_day_of_its_own(random: Random) -> str:
    """A time on a day that hardly any other payment is made on."""
    return f"2026-0{random.randint(1, 5)}-{random.randint(10, 28)}T23:30:00Z"


def another_order(pipeline: Pipeline, random: Random) -> list[str]:
    """Orders there are, to which a payment may be moved; weighed so that they are often chosen."""
    orders = pipeline.query(
        "select order_id from staging.stg_orders where _dataset = %s order by 1", [DATASET]
    )
    return [random.choice(orders)[0] for _ in range(6)] if orders else []


def test_corrections_are_applied_and_raw_stays(reprocessed: Pipeline) -> None:
    applied = reprocessed.query(
        """
        select corrections.new_value, received.amount, base.amount::text
        from quality.corrections
        join staging.base_payments as base on corrections.record_id = base._record_id
        join raw.payments as received on corrections.record_id = received._record_id
        where field = 'amount' and reverted_at is null
            and base._corrections -> 'amount' ->> 1 = correction_id::text
        """
    )
    assert any(new != received for new, received, _ in applied)
    assert {amount for new, _, amount in applied if new == "12.50"} <= {"12.50"}


def test_every_request_is_served_once(reprocessed: Pipeline) -> None:
    served = reprocessed.query(
        """
        select request_id, count(served.request_id)
        from quality.reprocess_requests left join quality.served_requests as served
            using (request_id)
        group by request_id
        """
    )
    assert len(served) == 5 * ROUNDS + len(RULE_CHANGES)
    assert {count for _, count in served} == {1}


def test_killed_runs_are_on_record_and_none_is_left_running(reprocessed: Pipeline) -> None:
    found = reprocessed.query("select distinct status from quality.run_history")
    statuses = {status for (status,) in found}
    assert "running" not in statuses
    assert "abandoned" in statuses


def test_running_again_writes_nothing(reprocessed: Pipeline) -> None:
    before = reprocessed.row_versions()
    reprocessed.runs(*BUILD)
    after = reprocessed.row_versions()
    assert {table for table in after if before[table] != after[table]} == set()


def test_totals_are_those_of_the_layers(reprocessed: Pipeline) -> None:
    assert differing_totals(reprocessed) == {}


def test_the_end_is_that_of_a_full_rebuild(reprocessed: Pipeline) -> None:
    before = {**layers(reprocessed), **judgement(reprocessed)}
    reprocessed.runs(*BUILD, "--full-refresh")
    after = {**layers(reprocessed), **judgement(reprocessed)}
    assert differences(before, after) == {}
    assert differing_totals(reprocessed) == {}


def test_the_chain_holds_for_corrected_records(reprocessed: Pipeline) -> None:
    broken = reprocessed.query(
        """
        select * from quality.recon_summary
        where reconciliation in ('recon_chain', 'recon_balance') and not passed
        """
    )
    assert broken == []


def test_records_of_other_rules_are_counted_and_brought_up_to_date(reprocessed: Pipeline) -> None:
    """The last of these tests: it changes a rule."""
    rules, message = "models/payments/payments.yml", "message: the payment names no order"
    reprocessed.edit(rules, message, "message: of no order\n            max_retries: 9")
    reprocessed.runs("run", "--select", "dq_rules")
    stale = "select open_count from quality.gate where check_id = 'payments_stale_rules'"
    said = "select message from quality.dq_rules where rule_id = 'payment_order_present'"
    # What a rule says, and how often it is tried again, changes no verdict.
    assert (reprocessed.value(said), reprocessed.value(stale)) == ("of no order", 0)
    reprocessed.edit(rules, "max_value: 100000", "max_value: 500")
    reprocessed.runs(*BUILD)
    assert reprocessed.value(stale) > 0
    reprocessed.query(ASK_FOR_STALE, [DATASET])
    reprocessed.runs(*BUILD)
    assert reprocessed.value(stale) == 0
    before = {**layers(reprocessed), **judgement(reprocessed)}
    reprocessed.runs(*BUILD, "--full-refresh")
    assert differences(before, {**layers(reprocessed), **judgement(reprocessed)}) == {}
