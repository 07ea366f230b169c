"""Who reads a view holds up no run unless the view changed, and then not beyond a limit."""

from __future__ import annotations

import subprocess
import time

import pytest

from ..conftest import MakePipeline
from ..pipeline import Pipeline
from .scene import RUNNER, start

LIMIT = 3


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    made = make_pipeline("bad")
    for file in (made.root / "tests").glob("*.sql"):
        file.unlink()
    made.set(lock_wait_seconds=LIMIT)
    assert run(made)[0] == 1
    return made


def run(pipeline: Pipeline) -> tuple[int, str, float]:
    """Exit code, output and seconds of a run."""
    began = time.monotonic()
    process = start(pipeline, *RUNNER, "bad", "--always", output=subprocess.PIPE)
    output, _ = process.communicate(timeout=240)
    return process.returncode, " ".join(output.decode().split()), time.monotonic() - began


def views(pipeline: Pipeline) -> dict[str, int]:
    """Transaction that wrote each view's text last, by name."""
    found = pipeline.query(
        "select relations.oid::regclass::text, rules.xmin::text::bigint"
        " from pg_class as relations"
        " inner join pg_rewrite as rules on relations.oid = rules.ev_class"
        " inner join pg_namespace as schemas on relations.relnamespace = schemas.oid"
        " where relations.relkind = 'v' and starts_with(schemas.nspname, %s)",
        [f"{pipeline.namespace}_"],
    )
    return {str(name): int(written) for name, written in found}


def replace_view(pipeline: Pipeline, name: str, added: str = "") -> None:
    """Give a view another text, with a column at the end if one is added."""
    relation = pipeline.named(f"quality.{name}")
    text = pipeline.value("select pg_get_viewdef(%s::regclass)", [relation]).rstrip("; ")
    with pipeline.database.connect() as connection:
        connection.execute(
            f"create or replace view {relation} as select *{added} from ({text}) as older".encode()
        )


def reads_seeds(pipeline: Pipeline, view: str) -> bool:
    """Whether a query of a view reads a seed, which dbt itself empties in each run."""
    with pipeline.database.connect() as reader, reader.transaction():
        reader.execute(f"select count(*) from {view}".encode())
        ((count,),) = reader.execute(
            "select count(*) from pg_locks where pid = pg_backend_pid()"
            " and relation::regclass::text like '%landing.bad!_%' escape '!'"
        ).fetchall()
    return bool(count)


def test_a_run_replaces_no_view_that_is_as_it_was_and_waits_for_no_reader(
    pipeline: Pipeline,
) -> None:
    before = views(pipeline)
    read = [name for name in before if not reads_seeds(pipeline, name)]
    assert len(read) >= 15
    assert pipeline.named("quality.gate") in read
    with pipeline.database.connect() as reader, reader.transaction():
        for name in read:
            reader.execute(f"select count(*) from {name}".encode())
        code, output, _ = run(pipeline)
        assert code == 1, output
        assert "Waiting for" not in output
    assert views(pipeline) == before


@pytest.mark.parametrize("added", ["", ", 1 as added"])
@pytest.mark.parametrize("name", ["gate", "run_history"])
def test_a_run_that_must_replace_a_view_waits_so_long_and_says_for_whom(
    pipeline: Pipeline, name: str, added: str
) -> None:
    replace_view(pipeline, name, added)
    relation = pipeline.named(f"quality.{name}")
    with pipeline.database.connect() as reader, reader.transaction():
        reader.execute("set application_name = 'a dashboard'")
        reader.execute(f"select count(*) from {relation}".encode())
        ((process_id, user),) = reader.execute("select pg_backend_pid(), user").fetchall()
        code, output, _ = run(pipeline)
        # Another reader was never kept waiting for long.
        assert pipeline.value(f"select count(*) >= 0 from quality.{name}")
    assert code == 3, output
    said = f"waited {LIMIT} seconds to replace"
    assert said in output
    assert f"process {process_id} (a dashboard of {user}" in output
    assert "in a transaction since 20" in output
    assert "End that transaction" in output
    assert run(pipeline)[0] == 1
    assert "older" not in pipeline.value("select pg_get_viewdef(%s::regclass)", [relation])


def test_a_run_that_must_rebuild_a_table_waits_so_long_and_says_for_whom(
    pipeline: Pipeline,
) -> None:
    with pipeline.database.connect() as reader, reader.transaction():
        reader.execute("set application_name = 'a dashboard'")
        pipeline.query_on(reader, "select count(*) from candidate.fct_orders")
        ((process_id,),) = reader.execute("select pg_backend_pid()").fetchall()
        process = start(pipeline, *RUNNER, "bad", "--full-refresh", output=subprocess.PIPE)
        output, _ = process.communicate(timeout=240)
    text = " ".join(output.decode().split())
    assert process.returncode == 3, text
    assert f"Waiting for process {process_id} (a dashboard of" in text
    assert "waited too long for process" in text
    assert run(pipeline)[0] == 1
