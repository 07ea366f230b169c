"""One publication is one reading of the gate: all marts as it saw them, or none."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone

import psycopg
import pytest

from ..conftest import MakePipeline
from ..database import Database, Row, create_database, scratch_database
from ..pipeline import Outcome, Pipeline
from .scene import MARTS, start

LOADED_AT = datetime(2026, 6, 1, tzinfo=timezone.utc)
PUBLISHED = {
    mart: f"select to_jsonb(row) - '_run_id' from marts.{mart} as row order by 1" for mart in MARTS
}
TO_PUBLISH = {
    mart: f"""
        select to_jsonb(row) - '_record_key' - '_checksum' from candidate.{mart} as row
        order by 1
    """
    for mart in MARTS
}
BARRIERS = {
    "before the gate is read": "lock table candidate.fct_payments in row exclusive mode",
    "between two marts": "lock table marts.fct_payments in share mode",
}
WAITING = "select count(*) from pg_locks where not granted and locktype = 'relation'"
SUPPRESS = """
    insert into quality.suppressions (
        suppression_id, check_id, entity, record_key, reason, ticket, created_by, created_at,
        expires_at
    )
    select
        gen_random_uuid(), check_id, entity, record_key, 'known', 'T-1', 'ada', now(),
        now() + interval '1 day'
    from quality.open_exceptions where record_key = 'O-BAD' and not is_suppressed
"""
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class Scene:
    """A pipeline whose candidates are ahead of its marts, to go back to.

    Attributes:
        tolerated: Database in which an open gate depends on a suppression.
        shut: The same without the suppression.
    """

    pipeline: Pipeline
    server: Database
    tolerated: str
    shut: str

    def go_back(self, template: str) -> None:
        """Make the database as the template is."""
        create_database(self.server, self.pipeline.database.name, template)


@pytest.fixture(scope="module")
def scene(make_pipeline: MakePipeline, project_server: Database) -> Iterator[Scene]:
    name = "trustgate_publication"
    made = make_pipeline("good")
    for file in (made.root / "tests").glob("*.sql"):
        file.unlink()
    with scratch_database(project_server, name) as database:
        pipeline = Pipeline(made.root, database, made.namespace, "good")
        profile = pipeline.root / "profiles.yml"
        profile.write_text(profile.read_text().replace(made.database.name, name))
        pipeline.runs("build")
        load(pipeline, "1")
        pipeline.load("orders", [(1, order("O-BAD", "lost"))], "late-bad", LOADED_AT)
        pipeline.runs("build", "--exclude", *MARTS)
        with scratch_database(project_server, f"{name}_shut", name):
            pipeline.query(SUPPRESS)
            with scratch_database(project_server, f"{name}_tolerated", name):
                yield Scene(pipeline, project_server, f"{name}_tolerated", f"{name}_shut")


def order(key: str, status: str = "approved") -> list[str]:
    """Values of an order of 10.00."""
    moment = "2026-05-20T10:00:00Z"
    return [key, "C-1", status, "BRL", "10.00", moment, moment]


def load(pipeline: Pipeline, name: str) -> None:
    """Load an order and its payment."""
    paid = "2026-05-20T11:00:00Z"
    payment = [f"P-{name}-NEW", f"O-{name}-NEW", "voucher", "10.00", "BRL", "captured", paid, paid]
    pipeline.load("orders", [(1, order(f"O-{name}-NEW"))], f"orders-{name}", LOADED_AT)
    pipeline.load("payments", [(1, payment)], f"payments-{name}", LOADED_AT)


def rows(pipeline: Pipeline, statements: dict[str, str]) -> Rows:
    return {mart: pipeline.query(statement) for mart, statement in statements.items()}


@contextmanager
def stopped_at(pipeline: Pipeline, barrier: str) -> Iterator[psycopg.Connection[Row]]:
    """A lock that a publication waits for."""
    with pipeline.database.connect() as blocker, blocker.transaction():
        pipeline.query_on(blocker, BARRIERS[barrier])
        yield blocker


def publish(
    pipeline: Pipeline, barrier: str, meanwhile: Callable[[], None], *marts: str
) -> Outcome:
    """Publish, and let something happen at a critical moment."""
    outcomes: list[Outcome] = []
    run = threading.Thread(target=lambda: outcomes.append(pipeline.runs("run", "--select", *marts)))
    with stopped_at(pipeline, barrier):
        run.start()
        until = time.monotonic() + 60
        while not pipeline.value(WAITING):
            assert time.monotonic() < until, "it did not wait"
            time.sleep(0.02)
        meanwhile()
    run.join(timeout=120)
    assert outcomes, "the run failed"
    return outcomes[0]


def other_process(
    pipeline: Pipeline, *arguments: str, dataset: str = "good"
) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-c", "from dbt.cli.main import cli; cli()", *arguments)
    return start(pipeline, *command, environment={"TRUSTGATE_DATASET": dataset})


def change(statement: str) -> Callable[[Pipeline], None]:
    """A statement, as something that may happen meanwhile."""

    def happens(pipeline: Pipeline) -> None:
        pipeline.query(statement)

    return happens


def take_in(pipeline: Pipeline) -> None:
    """Another load, and its verdicts by a bare dbt."""
    load(pipeline, "2")
    models = ("raw_orders", "base_orders", "raw_payments", "base_payments")
    assert other_process(pipeline, "run", "--select", *models).wait(timeout=120) == 0


def correct(pipeline: Pipeline) -> None:
    pipeline.query(
        """
        insert into quality.corrections (
            correction_id, dataset, entity, record_key, record_id, field, new_value, reason,
            corrected_by, corrected_at
        )
        select gen_random_uuid(), 'good', 'orders', _record_key, _record_id, 'status', 'approved',
            'typo', 'ada', now()
        from staging.base_orders where _record_key = 'O-BAD'
        """
    )


REVOKE = change(
    "update quality.suppressions set revoked_at = clock_timestamp(), revoked_by = 'ada'"
)
EXPIRE = change("update quality.suppressions set expires_at = clock_timestamp()")
ADD = change(SUPPRESS)
NOTHING = change("select 1")
REJECT = change("update quality.batches set status = 'HELD' where batch_id = 'payments-1'")


@pytest.mark.parametrize("barrier", BARRIERS)
@pytest.mark.parametrize(
    ("meanwhile", "shuts"),
    [
        pytest.param(NOTHING, False, id="nothing"),
        pytest.param(lambda pipeline: load(pipeline, "2"), False, id="a load"),
        pytest.param(take_in, True, id="a load and its verdicts"),
        pytest.param(correct, False, id="a correction"),
        pytest.param(REVOKE, True, id="a suppression is revoked"),
        pytest.param(EXPIRE, True, id="a suppression ends"),
        pytest.param(REJECT, True, id="a batch is held"),
    ],
)
def test_marts_are_published_as_the_gate_saw_them_or_not_at_all(
    scene: Scene, barrier: str, meanwhile: Callable[[Pipeline], None], shuts: bool
) -> None:
    scene.go_back(scene.tolerated)
    before = rows(scene.pipeline, PUBLISHED)
    seen = rows(scene.pipeline, TO_PUBLISH)
    publish(scene.pipeline, barrier, lambda: meanwhile(scene.pipeline), *MARTS)
    found = rows(scene.pipeline, PUBLISHED)
    is_open = scene.pipeline.value(
        "select is_open from quality.gate_readings order by read_at desc limit 1"
    )
    if not shuts or barrier == "between two marts":
        assert is_open, scene.pipeline.query(
            "select check_id, detail from quality.gate where not is_open"
        )
        assert found == seen
    elif is_open:
        assert found == rows(scene.pipeline, TO_PUBLISH)
    else:
        assert found == before
    assert is_open == (not shuts or barrier == "between two marts")


@pytest.mark.parametrize("barrier", BARRIERS)
@pytest.mark.parametrize("name", MARTS)
def test_one_mart_alone_publishes_all(scene: Scene, barrier: str, name: str) -> None:
    scene.go_back(scene.tolerated)
    seen = rows(scene.pipeline, TO_PUBLISH)
    publish(scene.pipeline, barrier, lambda: NOTHING(scene.pipeline), name)
    assert rows(scene.pipeline, PUBLISHED) == seen


def test_a_suppression_before_the_gate_is_read_publishes_all(scene: Scene) -> None:
    scene.go_back(scene.shut)
    seen = rows(scene.pipeline, TO_PUBLISH)
    publish(scene.pipeline, "before the gate is read", lambda: ADD(scene.pipeline), *MARTS)
    assert rows(scene.pipeline, PUBLISHED) == seen


def test_a_shut_gate_publishes_no_mart(scene: Scene) -> None:
    scene.go_back(scene.shut)
    before = rows(scene.pipeline, PUBLISHED)
    scene.pipeline.runs("run", "--select", *MARTS)
    assert rows(scene.pipeline, PUBLISHED) == before


def test_another_dataset_before_the_gate_is_read_is_not_published(scene: Scene) -> None:
    scene.go_back(scene.tolerated)
    before = rows(scene.pipeline, PUBLISHED)
    other = other_process(scene.pipeline, "build", "--exclude", *MARTS, dataset="bad")
    assert other.wait(timeout=120) == 1  # The gate of bad is shut.
    scene.pipeline.runs("run", "--select", *MARTS)
    assert rows(scene.pipeline, PUBLISHED) == before


def test_another_dataset_waits_for_a_publication(scene: Scene) -> None:
    scene.go_back(scene.tolerated)
    seen = rows(scene.pipeline, TO_PUBLISH)
    others: list[subprocess.Popen[bytes]] = []

    def build_other() -> None:
        others.append(other_process(scene.pipeline, "build", "--exclude", *MARTS, dataset="bad"))
        until = time.monotonic() + 60
        while scene.pipeline.value(WAITING) < 2:
            assert time.monotonic() < until, "it did not wait"
            time.sleep(0.05)

    publish(scene.pipeline, "between two marts", build_other, *MARTS)
    found = rows(scene.pipeline, PUBLISHED)
    assert others[0].wait(timeout=120) == 1
    assert found == seen
    assert rows(scene.pipeline, PUBLISHED) == found
