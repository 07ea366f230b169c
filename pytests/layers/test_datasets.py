"""The bundled datasets one after the other in one namespace: what is published follows the gate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from ..conftest import MakePipeline
from ..pipeline import Outcome, Pipeline
from .state import State, differences, judgement, layers, marts, published

GATE = "is_open_gate_"
"""Test that asks the gate."""
MARTS = ("fct_orders", "fct_payments", "fact_revenue_daily")
RowVersions = dict[str, set[tuple[str, str]]]


@dataclass(frozen=True)
class Journey:
    """What stood after each step.

    Attributes:
        marts: What is published, to the last column.
        contents: The same without the time of reconciliation.
        states: Layers, judgement and gate.
        rows: Every row of every table, see `row_versions`.
    """

    pipeline: Pipeline
    outcomes: dict[str, Outcome]
    marts: dict[str, State]
    contents: dict[str, State]
    states: dict[str, State]
    rows: dict[str, RowVersions]


@pytest.fixture(scope="module")
def journey(make_pipeline: MakePipeline) -> Iterator[Journey]:
    good = make_pipeline("good")
    bad = good.about("bad")
    made = Journey(good, {}, {}, {}, {}, {})

    def step(name: str, pipeline: Pipeline, *arguments: str) -> None:
        made.outcomes[name] = pipeline.runs(*arguments)
        made.marts[name] = marts(pipeline)
        made.contents[name] = published(pipeline)
        made.rows[name] = pipeline.row_versions()

    step("good", good, "build")
    step("good again", good, "build")
    step("good a third time", good, "build")
    made.states["good"] = {**layers(good), **judgement(good)}
    step("bad", bad, "build")
    step("bad by dbt run", bad, "run", "--select", "fct_orders", "fct_payments", "+gate")
    step("bad by marts alone", bad, "build", "--select", *MARTS)
    step("good after bad", good, "build")
    made.states["good after bad"] = {**layers(good), **judgement(good)}
    step("good from scratch", good, "build", "--full-refresh")
    made.states["good from scratch"] = {**layers(good), **judgement(good)}
    yield made


def test_good_passes_and_is_published(journey: Journey) -> None:
    assert journey.outcomes["good"].is_success
    assert journey.outcomes["good"].statuses[GATE] == "pass"
    assert all(journey.marts["good"].values())


def test_good_again_changes_no_row(journey: Journey) -> None:
    changed = changed_tables(journey, "good", "good again") - seeds(journey.pipeline)
    # What the first run published is compared with the candidates from then on, and its figures
    # are kept.
    assert changed <= {"quality.recon_restatement", "quality.run_figures"}
    changed = changed_tables(journey, "good again", "good a third time")
    assert changed - seeds(journey.pipeline) == set()


def changed_tables(journey: Journey, before: str, after: str) -> set[str]:
    """Tables of which any row was written between two steps."""
    rows = journey.rows
    return {table for table in rows[after] if rows[after][table] != rows[before].get(table)}


def seeds(pipeline: Pipeline) -> set[str]:
    """Tables that dbt loads anew each time."""
    return {f"landing.{path.stem}" for path in (pipeline.root / "seeds").rglob("*.csv")}


def test_bad_is_shut_out(journey: Journey) -> None:
    outcome = journey.outcomes["bad"]
    assert not outcome.is_success
    assert outcome.statuses[GATE] == "fail"
    assert {outcome.statuses[mart] for mart in MARTS} == {"skipped"}


@pytest.mark.parametrize("step", ["bad", "bad by dbt run", "bad by marts alone"])
def test_nothing_is_published_while_the_gate_is_shut(journey: Journey, step: str) -> None:
    assert journey.marts[step] == journey.marts["good"]
    for mart in MARTS:
        assert journey.rows[step][f"marts.{mart}"] == journey.rows["good"][f"marts.{mart}"]


def test_marts_alone_do_run_on_a_shut_gate(journey: Journey) -> None:
    """So that it is their own SQL that publishes nothing, not dbt that skips them."""
    for step in ("bad by dbt run", "bad by marts alone"):
        assert journey.outcomes[step].statuses["fct_orders"] == "success"


@pytest.mark.parametrize("step", ["good after bad", "good from scratch"])
def test_good_after_bad_publishes_good_and_nothing_else(journey: Journey, step: str) -> None:
    assert journey.outcomes[step].is_success
    assert journey.contents[step] == journey.contents["good"]
    assert all("'good'" in row for rows in journey.contents[step].values() for row in rows)


@pytest.mark.parametrize("step", ["good after bad", "good from scratch"])
def test_layers_and_gate_of_good_are_as_they_were(journey: Journey, step: str) -> None:
    found = differences(of_good(journey.states["good"]), of_good(journey.states[step]))
    assert found == {}


def of_good(state: State) -> State:
    """Rows of the dataset good: the layers keep those of bad beside them, as they should."""
    return {
        relation: [row for row in rows if "'bad'" not in row] for relation, rows in state.items()
    }
