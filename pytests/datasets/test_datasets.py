"""The bundled datasets through the pipeline: good opens the gate, bad shuts it, as planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ..conftest import MakePipeline
from ..oracle import expected_findings
from ..pipeline import Pipeline
from .conftest import Planted, Run, run_runner

MARTS = ("fct_orders", "fct_payments", "fact_revenue_daily")
SeedFile = Callable[[str, str], Path]
Marts = dict[str, list[dict[str, Any]]]
RowVersions = dict[str, set[tuple[str, str]]]


@dataclass(frozen=True)
class Stage:
    """A run, and the published state right after it.

    Attributes:
        marts: Rows of each mart.
        row_versions: Place and writing transaction of each of these rows.
    """

    run: Run
    marts: Marts
    row_versions: RowVersions


@dataclass(frozen=True)
class Story:
    """One database, three runs of the command line: good, bad, and good once more."""

    pipeline: Pipeline
    good: Stage
    bad: Stage
    good_again: Stage


@pytest.fixture(scope="module")
def story(make_pipeline: MakePipeline) -> Story:
    pipeline = make_pipeline("good")
    return Story(pipeline, *(pass_stage(pipeline, name) for name in ("good", "bad", "good")))


def pass_stage(pipeline: Pipeline, dataset: str) -> Stage:
    run = run_runner(pipeline, "--dataset", dataset)
    marts = {name: pipeline.records(f"select * from marts.{name} order by 1, 2") for name in MARTS}
    versions = pipeline.row_versions()
    return Stage(run, marts, {name: versions[f"marts.{name}"] for name in MARTS})


def standing(pipeline: Pipeline, dataset: str) -> list[Planted]:
    """Standing exceptions as expected_bad.csv spells them, each as often as it stands."""
    found = pipeline.query(
        """
        with

        places as (
            select _record_id, _row_number from raw.orders
            union all
            select _record_id, _row_number from raw.payments
        ),

        reconciliations as (select distinct reconciliation from quality.recon_summary)

        select
            exceptions.dataset,
            case when reconciliations.reconciliation is null then exceptions.entity else '' end
                as entity,
            coalesce('row:' || places._row_number, exceptions.record_key) as record_key,
            exceptions.check_id,
            case when reconciliations.reconciliation is null then 'rule' else 'reconciliation' end
                as kind,
            case exceptions.severity when 'WARNING' then 'warn' else lower(exceptions.severity) end
                as severity
        from quality.exceptions
        left join reconciliations on exceptions.check_id = reconciliations.reconciliation
        left join places on exceptions.record_key = places._record_id::text
        where exceptions.is_standing and exceptions.dataset = %s
        """,
        [dataset],
    )
    return [Planted(*texts) for texts in found]


def by_name(cases: list[Planted]) -> list[Planted]:
    return sorted(cases, key=lambda case: (case.check_id, case.entity, case.record_key))


def test_good_opens_the_gate(story: Story) -> None:
    assert story.good.run.exit_code == 0, story.good.run.output
    assert all(story.good.marts.values())
    assert standing(story.pipeline, "good") == []


def test_bad_shuts_the_gate(story: Story) -> None:
    assert story.bad.run.exit_code == 1, story.bad.run.output


def test_bad_is_caught_for_what_is_planted_and_nothing_else(
    story: Story, planted: list[Planted]
) -> None:
    assert by_name(standing(story.pipeline, "bad")) == by_name(planted)


def test_pipeline_agrees_with_the_oracle(story: Story, seed_file: SeedFile) -> None:
    loaded_at = story.pipeline.value("select max(_loaded_at) from raw.orders")
    found = expected_findings(seed_file("bad", "orders"), seed_file("bad", "payments"), loaded_at)
    cases = standing(story.pipeline, "bad")
    assert {(case.entity, case.record_key, case.check_id) for case in cases} == found


def test_version_from_the_future_does_not_outrank_later_ones(story: Story) -> None:
    promoted = story.pipeline.query(
        "select status from staging.stg_orders where _dataset = 'bad' and order_id = 'O-9021'"
    )
    assert promoted == [("delivered",)]


def test_bad_leaves_the_marts_untouched(story: Story) -> None:
    assert story.bad.marts == story.good.marts
    assert story.bad.row_versions == story.good.row_versions


def test_good_opens_the_gate_again_with_the_same_marts(story: Story) -> None:
    assert story.good_again.run.exit_code == 0, story.good_again.run.output
    assert story.good_again.marts == story.good.marts
    assert standing(story.pipeline, "good") == []
