"""The bookkeeping tables are installed once, as described, and refused where they are newer."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import yaml

from runner.postgres.database import BOOKKEEPING_VERSION as VERSION

from ..conftest import MakePipeline
from ..pipeline import REPOSITORY, Outcome, Pipeline
from .build_earlier_database import PAYMENTS, payment
from .conftest import MakeEarlier

SOURCES = REPOSITORY / "package" / "models" / "quality" / "bookkeeping.yml"
INSTALL = ("run", "--select", "tag:intake")
"""Creates landing, and installs the tables on the way: the least that calls the installer."""

CONSTRAINTS = """
    select relname::text, contype::text, pg_get_constraintdef(pg_constraint.oid)
    from pg_constraint
    inner join pg_class on conrelid = pg_class.oid
    where relnamespace = to_regnamespace(%(schema)s) and contype in ('p', 'c')
    order by 1, 2, 3
"""
COLUMNS = """
    select
        relname::text, attname::text, format_type(atttypid, atttypmod),
        attnotnull, attidentity::text, pg_get_expr(adbin, adrelid)
    from pg_attribute
    inner join pg_class on attrelid = pg_class.oid
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where relnamespace = to_regnamespace(%(schema)s) and relname = any(%(tables)s)
        and attnum > 0 and not attisdropped
    order by 1, 2
"""
INDEXES = """
    select tablename::text, regexp_replace(indexdef, ' INDEX \\S+ ON ', ' INDEX ON ')
    from pg_indexes
    where schemaname = %(schema)s and tablename = any(%(tables)s)
    order by 1, 2
"""
WRONG = {
    "batches": (
        "insert into quality.batches select * from quality.batches where status = 'HELD'",
        r"earlier_quality\.batches has rows with the same batch_id \(2 with \S+\)\.",
    ),
    "suppressions": (
        "insert into quality.suppressions (suppression_id, check_id, expires_at)"
        " values ('s-1', 'x', now())",
        r"earlier_quality\.suppressions has rows without ticket \(1\)\.",
    ),
    "reprocess_requests": (
        "update quality.reprocess_requests set scope = 'sometimes' where record_key = 'P-1013'",
        r"earlier_quality\.reprocess_requests has rows that break CHECK \(\(scope = .*\)\) \(1\)\.",
    ),
}
"""By table, a statement that leaves rows which do not fit, and what is said of them."""


def tables() -> dict[str, dict[str, str]]:
    """Types of columns by name, by table, as the source describes them."""
    (source,) = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"]
    return {
        table["name"]: {column["name"]: column["data_type"] for column in table["columns"]}
        for table in source["tables"]
    }


def catalog(pipeline: Pipeline, query: str) -> list[Any]:
    return pipeline.query(
        query, {"schema": f"{pipeline.namespace}_quality", "tables": sorted(tables())}
    )


def contents(pipeline: Pipeline) -> dict[str, list[str]]:
    """All rows of the tables that are there, by table."""
    there = {name.removeprefix("quality.") for name in pipeline.tables()}
    return {
        name: sorted(
            json.dumps(row, sort_keys=True)
            for row in pipeline.records(f"select * from quality.{name}")
        )
        for name in tables()
        if name in there
    }


def refused(outcome: Outcome) -> str:
    """What dbt says of the hook that failed, all nodes being skipped."""
    (hook,) = outcome.of("error")
    assert not any("on-run-end" not in name for name in outcome.of("success"))
    return outcome.messages[hook]


@pytest.fixture(scope="module")
def fresh(make_pipeline: MakePipeline) -> Pipeline:
    """Tables installed where there was nothing."""
    pipeline = make_pipeline("good")
    pipeline.runs(*INSTALL)
    return pipeline


def start(pipeline: Pipeline, *program: str) -> subprocess.Popen[str]:
    """A module run as a program in the folder of the pipeline."""
    return subprocess.Popen(
        [sys.executable, "-m", *program],
        cwd=pipeline.root,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "TRUSTGATE_NAMESPACE": pipeline.namespace,
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_tables_have_the_columns_that_their_source_describes(fresh: Pipeline) -> None:
    described = {
        (table, name, "timestamp with time zone" if type_ == "timestamptz" else type_)
        for table, columns in tables().items()
        for name, type_ in columns.items()
    }
    assert {tuple(row[:3]) for row in catalog(fresh, COLUMNS)} == described


def test_every_migration_is_on_record_once(fresh: Pipeline) -> None:
    applied = "select array_agg(version order by version) from quality.schema_migrations"
    assert fresh.value(applied) == [*range(1, VERSION + 1)]
    before = fresh.row_versions()
    fresh.runs(*INSTALL)
    assert fresh.row_versions() == before


@pytest.mark.parametrize(
    "statement",
    [
        "insert into quality.batches (batch_id, dataset, entity, status)"
        " values ('b', 'good', 'orders', 'REFUSED')",
        "insert into quality.suppressions (check_id, expires_at) values ('x', now())",
        "insert into quality.suppressions (check_id, ticket, expires_at) values ('x', '', now())",
        "insert into quality.corrections (dataset, entity, record_key, record_id, field)"
        " values ('good', 'orders', 'O-1', gen_random_uuid(), 'status')",
        "insert into quality.reprocess_requests (dataset, entity, scope, requested_by)"
        " values ('good', 'orders', 'key', 'ada')",
        "insert into quality.exception_work (exception_id, status)"
        " values (gen_random_uuid(), 'DONE')",
    ],
)
def test_rows_that_mean_nothing_are_refused(fresh: Pipeline, statement: str) -> None:
    with pytest.raises(psycopg.IntegrityError, match=r"violates (check|not-null) constraint"):
        fresh.query(statement)


def test_ids_and_times_need_not_be_given(fresh: Pipeline) -> None:
    with fresh.database.connect() as connection, connection.transaction(force_rollback=True):
        ((request_id, requested_at),) = fresh.query_on(
            connection,
            "insert into quality.reprocess_requests (dataset, entity, scope, requested_by)"
            " values ('good', 'orders', 'failed', 'ada') returning request_id, requested_at",
        )
    assert request_id and requested_at


def test_tables_that_are_taken_over_are_as_those_installed_anew(
    fresh: Pipeline, make_earlier: MakeEarlier
) -> None:
    earlier = make_earlier()
    before = contents(earlier)
    assert "schema_migrations" not in before
    earlier.runs(*INSTALL)
    for query in (COLUMNS, CONSTRAINTS):
        assert catalog(earlier, query) == catalog(fresh, query)
    indexes = [
        [(table, index.replace(f"{one.namespace}_", "")) for table, index in catalog(one, INDEXES)]
        for one in (earlier, fresh)
    ]
    assert indexes[0] == indexes[1]
    after = contents(earlier)
    added = {"inputs_hash": None, "next_attempt_at": None, "figures_seq": None}
    before["pipeline_runs"] = sorted(
        json.dumps({**json.loads(row), **added}, sort_keys=True) for row in before["pipeline_runs"]
    )
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("table", WRONG)
def test_rows_that_do_not_fit_stop_the_take_over_with_a_sentence_and_stay(
    make_earlier: MakeEarlier, table: str
) -> None:
    statement, sentence = WRONG[table]
    earlier = make_earlier()
    earlier.query(statement)
    before = contents(earlier)
    definitions = [catalog(earlier, query) for query in (COLUMNS, CONSTRAINTS, INDEXES)]
    said = refused(earlier.dbt(*INSTALL))
    assert re.search(
        rf"bookkeeping: {sentence} Correct them and run again; nothing was changed\.", said
    ), said
    assert contents(earlier) == before
    assert [catalog(earlier, query) for query in (COLUMNS, CONSTRAINTS, INDEXES)] == definitions


def test_the_runner_says_what_does_not_fit_and_goes_on_once_it_is_corrected(
    make_earlier: MakeEarlier,
) -> None:
    earlier = make_earlier()
    statement, sentence = WRONG["batches"]
    earlier.query(statement)
    delivery = earlier.root / "delivery"
    earlier.write("delivery/payments.csv", PAYMENTS + payment(3))
    load = ("runner", "load", str(delivery), "--dataset", "more")
    for program in (("runner", "run", "--dataset", "bad"), load):
        process = start(earlier, *program)
        said = " ".join(process.communicate()[0].split())
        assert process.returncode == 3, said
        assert re.search(f"The bookkeeping tables were not installed: {sentence} Correct", said)
    earlier.query(
        "delete from quality.batches as one using quality.batches as other"
        " where one.batch_id = other.batch_id and one.ctid > other.ctid"
    )
    process = start(earlier, *load)
    said = process.communicate()[0]
    assert process.returncode == 0, said
    assert earlier.value("select max(version) from quality.schema_migrations") == VERSION


def test_ids_that_were_never_given_are_filled_in(make_earlier: MakeEarlier) -> None:
    earlier = make_earlier()
    earlier.query(
        "insert into quality.corrections select * from quality.corrections;"
        "update quality.corrections set correction_id = null"
    )
    earlier.runs(*INSTALL)
    assert earlier.value("select count(distinct correction_id) from quality.corrections") == 6


def test_tables_of_a_newer_version_are_refused_and_nothing_is_written(
    make_pipeline: MakePipeline,
) -> None:
    pipeline = make_pipeline("good")
    pipeline.runs(*INSTALL)
    pipeline.query(
        "insert into quality.schema_migrations values (%s, 'of tomorrow', 'r', now())",
        [VERSION + 1],
    )
    before = contents(pipeline)
    words = (
        f"the tables in schema {pipeline.namespace}_quality have version {VERSION + 1}, and this"
        f" version of Trustgate knows versions up to {VERSION}. Install the one that wrote them."
    )
    assert words in refused(pipeline.dbt("build"))
    (pipeline.root / "delivery").mkdir()
    for arguments in (
        ("run", "--dataset", "good"),
        ("load", "delivery", "--dataset", "more"),
        ("suppress", "list"),
    ):
        process = start(pipeline, "runner", *arguments)
        said = " ".join(process.communicate()[0].split())
        assert process.returncode == 2, said
        assert f"have version {VERSION + 1}, and this runner knows versions up to {VERSION}" in said
    assert contents(pipeline) == before


def test_invocations_at_once_install_the_tables_once(make_pipeline: MakePipeline) -> None:
    pipeline = make_pipeline("good")
    hook = pipeline.runs(*INSTALL).compiled["commerce-on-run-start-0"]
    pipeline.query(f"drop schema {pipeline.namespace}_quality cascade")
    with ThreadPoolExecutor(8) as executor:
        for done in [executor.submit(pipeline.query, hook) for _ in range(8)]:
            done.result()
    assert pipeline.value("select count(*) from quality.schema_migrations") == VERSION
