"""A guard against weight: what a run does and what an entity takes must not creep up again."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import MakePipeline
from .pipeline import Outcome, Pipeline

MOST_NODES = 62
"""Nodes that `dbt build` of the demo runs, the copy's invariants left out; 187 before."""
MOST_STATEMENTS = 420
"""Statements of a `dbt build` of the demo with nothing new, hooks included; 889 before."""


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    made = make_pipeline("good")
    for file in (made.root / "tests").glob("*.sql"):
        file.unlink()
    made.runs("build")
    return made


@pytest.fixture(scope="module")
def second(pipeline: Pipeline, monkeypatch_module: Any) -> tuple[Outcome, int]:
    """A build with nothing new, and how many statements it sent."""
    sent = 0

    def count(*_: Any, **__: Any) -> None:
        nonlocal sent
        sent += 1

    from dbt.adapters.sql.connections import SQLConnectionManager

    add_query = SQLConnectionManager.add_query

    def counted(self: Any, *arguments: Any, **options: Any) -> Any:
        count()
        return add_query(self, *arguments, **options)

    monkeypatch_module.setattr(SQLConnectionManager, "add_query", counted)
    return pipeline.runs("build"), sent


@pytest.fixture(scope="module")
def monkeypatch_module() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_a_build_of_the_demo_has_few_nodes(second: tuple[Outcome, int]) -> None:
    outcome, _ = second
    assert 0 < len(outcome.statuses) <= MOST_NODES, sorted(outcome.statuses)


def test_a_build_with_nothing_new_sends_few_statements(second: tuple[Outcome, int]) -> None:
    _, sent = second
    assert 0 < sent <= MOST_STATEMENTS
