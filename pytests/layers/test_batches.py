"""However records are cut into batches, and whatever was built in between, the end is the same.

Each scenario is a dataset of its own: base and stg hold all of them side by side, so that a few
invocations of dbt try dozens. Candidates, reconciliations and gate are compared for three of them;
the busy one is active between its batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

import pytest

from ..conftest import MakePipeline
from ..pipeline import Pipeline
from .scenarios import LOADED_AT, Scenario, busy_scenario, sound_scenario, troubled_scenario
from .state import ROW_RECONCILIATIONS, State, differences, judgement, layers, marts
from .totals import differing_totals

ROUNDS = 4
TROUBLED = tuple(f"troubled-{number:02}" for number in range(24))
SOUND = "sound-01"
ACTIVE = "busy-01"
BUILD = ("run", "--exclude", "tag:intake")


@dataclass(frozen=True)
class Histories:
    """The same records in two pipelines.

    Attributes:
        scenarios: All of them, the busy one, which is active, first.
        piecewise: Loaded in ROUNDS batches of each entity, built after each.
        at_once: Loaded in one batch of each entity, built once.
        problems: What did not hold between the rounds, by round.
    """

    scenarios: tuple[Scenario, ...]
    piecewise: Pipeline
    at_once: Pipeline
    problems: dict[int, dict[str, list[object]]]


@pytest.fixture(scope="module")
def histories(make_pipeline: MakePipeline, seed: int) -> Iterator[Histories]:
    random = Random(seed)
    scenarios = (
        busy_scenario(ACTIVE, ROUNDS, random),
        *(troubled_scenario(name, ROUNDS, random) for name in TROUBLED),
        sound_scenario(SOUND, ROUNDS, random),
    )
    piecewise, at_once = make_pipeline(ACTIVE), make_pipeline(ACTIVE)
    piecewise.runs("run", "--select", "tag:intake")
    problems = {}
    for number in range(ROUNDS):
        for scenario in scenarios:
            for entity, records in scenario.arrivals[number].items():
                if records:
                    batch = f"{scenario.dataset}-{entity}-{number}"
                    piecewise.load(entity, records, batch, LOADED_AT, scenario.dataset)
        piecewise.runs(*BUILD)
        problems[number] = unaccounted(piecewise)
    at_once.runs("run", "--select", "tag:intake")
    for scenario in scenarios:
        for entity, records in scenario.all_at_once().items():
            batch = f"{scenario.dataset}-{entity}"
            at_once.load(entity, records, batch, LOADED_AT, scenario.dataset)
    at_once.runs(*BUILD)
    yield Histories(scenarios, piecewise, at_once, problems)


def unaccounted(pipeline: Pipeline) -> dict[str, list[object]]:
    """Whatever contradicts that each record received has exactly one fate."""
    found: dict[str, Iterable[object]] = {
        "batches whose fates do not add up to what was sent": pipeline.query(
            "select * from quality.batch_balance where difference is distinct from 0"
        ),
        "records without a fate": pipeline.query(
            "select * from quality.record_fates where fate is null or fate = 'PENDING'"
        ),
        "records that do not stand once among the fates": pipeline.query(
            """
            select received._record_id, count(fates.fate)
            from (select _record_id from raw.orders union all select _record_id from raw.payments)
                as received
            full outer join quality.record_fates as fates on received._record_id = fates.record_id
            group by received._record_id
            having count(*) <> 1 or received._record_id is null or count(fates.fate) <> 1
            """
        ),
        "left in landing": pipeline.query(
            "select _batch_id from landing.orders union all select _batch_id from landing.payments"
        ),
        **differing_totals(pipeline),
    }
    return {problem: list(rows) for problem, rows in found.items() if rows}


def of_the_active(pipeline: Pipeline) -> State:
    return {**layers(pipeline), **judgement(pipeline)}


def test_scenarios_have_every_fate_and_break_nearly_every_rule(histories: Histories) -> None:
    """Else the comparisons below would compare little."""
    fates = {fate for (fate,) in histories.at_once.query("select fate from quality.record_fates")}
    assert fates == {"DUPLICATE", "SUPERSEDED", "QUARANTINED", "PROMOTED"}
    unbroken = histories.at_once.query(
        "select rule_id from quality.dq_rules except select rule_id from quality.dq_results"
    )
    assert len(unbroken) <= 2, unbroken


def test_every_record_has_one_fate_after_every_batch(histories: Histories) -> None:
    assert not any(histories.problems.values()), histories.problems
    assert unaccounted(histories.at_once) == {}


def test_batches_in_any_order_end_as_one_evaluation_at_once(histories: Histories) -> None:
    found = differences(of_the_active(histories.piecewise), of_the_active(histories.at_once))
    assert found == {}


def test_running_again_changes_no_row(histories: Histories) -> None:
    for pipeline in (histories.piecewise, histories.at_once):
        before = pipeline.row_versions()
        # Attempts that have become due meanwhile are work of their own.
        pipeline.runs(*BUILD, "--vars", "{retries_per_run: 0}")
        assert_same_rows(before, pipeline.row_versions())


def test_full_refresh_changes_nothing_but_stamps(histories: Histories) -> None:
    pipeline = histories.piecewise
    before, received = of_the_active(pipeline), pipeline.query("select * from raw.payments")
    pipeline.runs(*BUILD, "--full-refresh")
    assert differences(before, of_the_active(pipeline)) == {}
    assert pipeline.query("select * from raw.payments") == received
    assert unaccounted(pipeline) == {}


def test_deep_comparison_finds_what_the_incremental_one_found(histories: Histories) -> None:
    pipeline = histories.piecewise
    before = pipeline.row_versions()
    compared = pipeline.runs("run", "--select", "recon_*", "--vars", "{deep: true}").statuses
    assert compared.keys() >= {*ROW_RECONCILIATIONS, "recon_chain", "recon_balance"}
    assert_same_rows(before, pipeline.row_versions())


@pytest.mark.parametrize("dataset", [TROUBLED[0], SOUND])
def test_another_active_dataset_is_judged_alike_in_both_histories(
    histories: Histories, dataset: str
) -> None:
    piecewise, at_once = histories.piecewise.about(dataset), histories.at_once.about(dataset)
    for pipeline in (piecewise, at_once):
        pipeline.runs(*BUILD)
    assert differences(of_the_active(piecewise), of_the_active(at_once)) == {}
    is_open = piecewise.value("select bool_and(is_open) from quality.gate")
    assert is_open is (dataset == SOUND)
    published = {row for rows in marts(piecewise).values() for row in rows}
    assert bool(published) is is_open
    assert all(dataset in row for row in published)


def assert_same_rows(
    before: dict[str, set[tuple[str, str]]], after: dict[str, set[tuple[str, str]]]
) -> None:
    changed = {
        table: (len(before.get(table, set()) - rows), len(rows - before.get(table, set())))
        for table, rows in after.items()
        if rows != before.get(table, set())
    }
    assert changed == {}, "rows gone and rows new, by table"
