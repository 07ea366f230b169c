"""Another spelling, another time zone, or a column that came later makes no other version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from ..conftest import MakePipeline
from ..database import Row
from ..pipeline import Pipeline
from .readings import add_readings

LOADED_AT = datetime(2026, 6, 1, tzinfo=timezone.utc)
AT = "2026-01-02T00:00:00Z"
BUILD = ("run", "--exclude", "tag:intake")


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Iterator[Pipeline]:
    made = make_pipeline("spellings")
    add_readings(made)
    made.runs("run", "--select", "tag:intake")
    readings = [
        *(("7", "A", "L", AT, "1.5", "S-7"), ("8", "A", "L", "2026-07-05T10:00:00Z", "2", "S-8")),
        *(("9", "A", "L", AT, "3", "S-9"), ("1000000", "A", "L", AT, "4", "S-10")),
    ]
    made.load(
        "readings",
        [(number, (*values, "", "", AT)) for number, values in enumerate(readings, 1)],
        "readings-1",
        LOADED_AT,
    )
    orders = [(f"O-{n}", "C-1", "approved", "BRL", "10.00", AT, AT) for n in range(1, 6)]
    made.load("orders", list(enumerate(orders, 1)), "orders-1", LOADED_AT)
    made.runs(*BUILD)
    yield made


def versions(pipeline: Pipeline, entity: str, batch: str) -> list[Row]:
    """Version, duplicate, and failing rules of each record of a batch."""
    return pipeline.query(
        f"select _version_number, _is_duplicate, _dq_failed from staging.base_{entity}"
        " where _batch_id = %s order by _row_number",
        [batch],
    )


def test_one_value_is_one_key_in_any_session(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGTZ", "America/Sao_Paulo")
    monkeypatch.setenv("PGDATESTYLE", "German, DMY")
    readings = [
        *(
            ("7.0", " A", "L ", AT, "1.50", "S-7"),
            ("08", "A", "L", "7/5/2026 10:00", "2.000", "S-8"),
        ),
        *(("+9.000", "A", "L", "2026-01-01T21:00:00-03", "3", "S-9"),),
        *(("1,000,000", "A", "L", AT, "4", "S-10"), ("90", "A", "L", AT, "3", "S-11")),
    ]
    pipeline.load(
        "readings",
        [(number, (*values, None, " ", AT)) for number, values in enumerate(readings, 1)],
        "readings-2",
        LOADED_AT + timedelta(days=1),
    )
    pipeline.runs(*BUILD)
    same = (1, True, None)
    assert versions(pipeline, "readings", "readings-2") == [same] * 4 + [(1, False, None)]
    keys = "select count(*), count(distinct (meter, read_at)) from candidate.fct_readings"
    assert pipeline.query(keys) == [(5, 5)]


def test_columns_that_came_later_are_no_conflict(pipeline: Pipeline) -> None:
    status = "      - {name: status, data_type: text,"
    added = "".join(
        f"      - {{name: {name}, data_type: {type_}, description: Came later.}}\n"
        for name, type_ in (("channel", "text"), ("fee", '"numeric(8,2)"'))
    )
    pipeline.edit("models/orders/orders.yml", status, added + status)
    pipeline.runs("run", "--select", "tag:intake")
    later = LOADED_AT + timedelta(days=2)
    written = ((None, None), ("", ""), (" ", None), ("", " "), (" ", ""))
    orders = [
        (f"O-{n}", "C-1", *extra, "approved", "BRL", "10.0", AT, AT)
        for n, extra in enumerate(written, 1)
    ]
    # These came with the columns, and were sent again with other values for the same moment.
    orders += [(f"O-{n}", "C-1", "web", "1", "approved", "BRL", "10", AT, AT) for n in (6, 7)]
    pipeline.load("orders", list(enumerate(orders, 1)), "orders-2", later)
    again = [
        ("O-6", "C-1", "web", "1.0", "approved", "BRL", "10", AT, AT),
        ("O-7", "C-1", "app", "1", "approved", "BRL", "10", AT, AT),
    ]
    pipeline.load("orders", list(enumerate(again, 1)), "orders-3", later + timedelta(days=1))
    pipeline.runs(*BUILD)
    repeated, conflict = (1, True, None), ["order_versions_agree"]
    assert versions(pipeline, "orders", "orders-2") == [
        *([repeated] * 5),
        *((1, False, None), (1, False, conflict)),
    ]
    assert versions(pipeline, "orders", "orders-3") == [repeated, (2, False, conflict)]
