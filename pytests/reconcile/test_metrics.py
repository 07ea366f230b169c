"""`reconcile_metrics` finds what a comparison of every grain in Python finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..conftest import MakePipeline
from ..database import Row as DatabaseRow
from ..pipeline import Pipeline
from .bench import Bench, write_sides
from .brute_force import Row, plain
from .brute_force_metrics import (
    Drift,
    Drifts,
    Metric,
    MetricsCase,
    decoded_grain,
    number_of,
    reconcile_totals,
    total_of,
)
from .cases import AMOUNTS

FOLDER = "models/brute"
LOADED_AT = datetime(2026, 6, 1, tzinfo=timezone.utc)
DAY = date(2026, 3, 1)
DAYS = (*(DAY + timedelta(number) for number in range(4)), None)
TYPES = {"name": "text", "user": "text", "number": "numeric", "day": "date", "amount": "numeric"}
MAKERS: dict[str, Callable[[str], Any]] = {
    "name": str,
    "user": str,
    "number": Decimal,
    "day": date.fromisoformat,
}
ROWS = Metric("count(*)", number_of)
TOTAL = Metric("sum(side.amount)", total_of)
CENT = Metric("sum(side.amount)", total_of, "0.01")
SHARE = Metric("sum(side.amount)", total_of, "0.5%")

CASES = (
    MetricsCase("name", {"name": "name"}, {"total": TOTAL}),
    MetricsCase("numbers", {"number": "number"}, {"row_count": ROWS, "total": CENT}),
    MetricsCase("parts", {"name": "name", "number": "number"}, {"total": SHARE, "rows": ROWS}),
    MetricsCase("keyword", {"user": "user"}, {"total": CENT}),
    MetricsCase("odd_names", {"it's": "name", "order": "day"}, {"order": ROWS}, date="order"),
    MetricsCase("days", {"day": "day", "name": "name"}, {"total": CENT}, date="day"),
    MetricsCase("an_open_day", {"day": "day"}, {"total": TOTAL}, date="day", open_days=1),
    MetricsCase(
        *("open_days", {"name": "name", "day": "day"}, {"rows": ROWS, "total": CENT}),
        date="day",
        open_days=2,
    ),
    MetricsCase("sources", {"name": "name"}, {"total": CENT}, orphans="source"),
    MetricsCase(
        *("open_day_of_sources", {"day": "day", "name": "name"}, {"total": SHARE}),
        date="day",
        open_days=1,
        orphans="source",
    ),
)
BY_NAME = {case.name: case for case in CASES}

COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(("a", "b", "a|b", "|", "\\", "\\N", "\\|", "", " ", None)),
    "user": st.sampled_from(("u", "v", None)),
    "number": st.sampled_from((*map(Decimal, ("1", "1.0", "1.00", "1.01", "-2")), None)),
    "day": st.sampled_from(DAYS),
    "amount": st.one_of(
        st.sampled_from((*AMOUNTS, Decimal("Infinity"), Decimal("-Infinity"), None)),
        st.decimals(min_value=-2, max_value=2, places=2),
    ),
}

BUSINESS_RULE = """
{{ config(tags=['brute_totals']) }}
{% call trustgate.business_rule(key=['user', 'order'], date='end') %}
    select * from (values
        ('u', '1', 1, 2, date '2026-03-01'),
        ('u', '1', 1, 5, date '2026-03-01'),
        ('u', null, 1, 2, null),
        ('u', e'\\\\N', 1, 2, null),
        ('v', '1', 1, 1, null)
    ) as found ("user", "order", expected_value, actual_value, "end")
{% endcall %}
"""


@st.composite
def sides(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """Rows of both sides: drawn apart, or the same but for some columns."""
    row: st.SearchStrategy[Row] = st.fixed_dictionaries(COLUMNS)
    source = draw(st.lists(row, max_size=6))
    if draw(st.booleans()):
        return source, draw(st.lists(row, max_size=6))
    target: list[Row] = []
    for found in source:
        changed = draw(st.sampled_from((*COLUMNS, "", "")))
        target.append({**found, changed: draw(COLUMNS[changed])} if changed else found)
    return source, target


@pytest.fixture(scope="module")
def bench(make_pipeline: MakePipeline) -> Iterator[Bench]:
    pipeline = make_pipeline("good")
    write_sides(pipeline, "totals", TYPES)
    for case in CASES:
        source, target = ({"relation": f"totals_{side}"} for side in ("source", "target"))
        # The plain names of columns, where the grain goes by them.
        by_column = all(name == column for name, column in case.grain.items())
        expressions = {
            name: dict.fromkeys(("source", "target"), f"side.{column}")
            for name, column in case.grain.items()
        }
        declare(pipeline, case, source, target, list(case.grain) if by_column else expressions)
    pipeline.write(f"{FOLDER}/totals_by_rule.sql", BUSINESS_RULE)
    pipeline.runs("run", "--select", "tag:intake", "totals_source", "totals_target")
    compiled = pipeline.runs("compile", "--select", "tag:brute_totals").compiled
    statements = {case.name: compiled[f"totals_of_{case.name}"] for case in CASES}
    statements["by_rule"] = compiled["totals_by_rule"]
    with pipeline.database.connect() as connection:
        yield Bench(pipeline, connection, statements)


def declare(
    pipeline: Pipeline,
    case: MetricsCase,
    source: Mapping[str, Any],
    target: Mapping[str, Any],
    grain: Any,
) -> None:
    """Write the model of a case."""
    given = {
        "source": source,
        "target": target,
        "grain": grain,
        "metrics": {
            name: {"source": metric.sql, "target": metric.sql, "tolerance": metric.tolerance}
            for name, metric in case.metrics.items()
        },
        "date": case.date,
        "open_days": case.open_days,
        "orphans": case.orphans,
    }
    pipeline.write(
        f"{FOLDER}/totals_of_{case.name}.sql",
        "{{ config(tags=['brute_totals']) }}\n"
        f"{{{{ trustgate.reconcile_metrics(**{given!r}) }}}}\n",
    )


@pytest.mark.parametrize("name", BY_NAME)
def test_totals_equal_a_comparison_of_every_grain(bench: Bench, name: str) -> None:
    case = BY_NAME[name]

    @settings(
        max_examples=50,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(sides())
    def holds(drawn: tuple[list[Row], list[Row]]) -> None:
        query = f"({bench.statements[name]}) as result"
        with bench.connection.transaction(force_rollback=True):
            fill(bench, *drawn)
            found = bench.connection.execute(QUERY.format(query).encode()).fetchall()
        assert_same(case, found, *drawn)

    holds()


def test_business_rule_takes_columns_named_like_words_of_sql_and_a_case_once(bench: Bench) -> None:
    query = f"({bench.statements['by_rule']}) as result where not is_summary"
    found = bench.connection.execute(
        f"select record_key, metric_date, actual_value from {query}".encode()
    )
    expected = [("u|1", DAY, 5), ("u|\\N", None, 2), ("u|\\\\N", None, 2)]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_stored_totals_equal_a_comparison_of_every_grain_again_and_again(
    bench: Bench, seed: int
) -> None:
    """As dbt builds them: from nothing, again of the same rows, then converging to others."""
    random = Random(seed)
    source, target = larger_sides(random)
    for drawn in ((source, target), (source, target), larger_sides(random), (source, [])):
        fill(bench, *drawn)
        bench.pipeline.runs("run", "--select", "tag:brute_totals")
        for case in CASES:
            stored = bench.pipeline.query(QUERY.format(f"quality.totals_of_{case.name}"))
            assert_same(case, stored, *drawn)
        assert (
            bench.pipeline.value("select count(*) from quality.totals_by_rule where not is_summary")
            == 3
        )


def larger_sides(random: Random) -> tuple[list[Row], list[Row]]:
    """A few hundred rows a side; each value is NULL in some row of both."""
    source: list[Row] = [
        {
            "name": random.choice((f"n{number % 40}", "a|b", "\\N", "\\", "", None)),
            "user": random.choice(("u", "v", None)),
            "number": random.choice((Decimal(number % 30), Decimal("1.00"), None)),
            "day": random.choice(DAYS),
            "amount": random.choice((*AMOUNTS[:-1], None)),
        }
        for number in range(300)
    ]
    return source, [
        {**row, "amount": random.choice((row["amount"], row["amount"], Decimal(1), None))}
        for row in source
        if random.random() < 0.95
    ]


def fill(bench: Bench, source: Sequence[Row], target: Sequence[Row]) -> None:
    """Put the rows in place of those the two tables hold."""
    for side, rows in (("source", source), ("target", target)):
        table = bench.pipeline.named(f"staging.totals_{side}")
        bench.connection.execute(f"truncate {table}".encode())
        with bench.connection.cursor().copy(f"copy {table} from stdin".encode()) as stream:
            for row in rows:
                stream.write_row([row[column] for column in TYPES])


QUERY = """
    select is_summary, record_key, metric_name, match_status, expected_value, actual_value,
        discrepancy, metric_date, source_count, target_count, compared
    from {}
"""


def assert_same(
    case: MetricsCase, found: Sequence[DatabaseRow], source: Sequence[Row], target: Sequence[Row]
) -> None:
    """Show what differs, grain by grain."""
    drifts, compared = read(case, found)
    right, right_compared = reconcile_totals(case, source, target)
    differing = {
        key: (drifts.get(key), right.get(key))
        for key in drifts.keys() | right.keys()
        if drifts.get(key) != right.get(key)
    }
    assert not differing, f"{case.name}: found and right by grain: {differing}"
    assert compared == right_compared, case.name


def read(case: MetricsCase, found: Sequence[DatabaseRow]) -> tuple[Drifts, int]:
    """The rows of a reconciliation: what differs, and the number of grains compared."""
    ((*_, in_target, compared),) = [row for row in found if row[0]]
    drifts: dict[Any, Drift] = {}
    for is_summary, grain, metric, status, expected, actual, difference, *rest, _ in found:
        if is_summary:
            continue
        key = (decoded_grain(case, grain, MAKERS), metric)
        assert key not in drifts, f"{key} stands twice"
        drifts[key] = Drift(status, plain(expected), plain(actual), plain(difference), *rest)
    return drifts, in_target if compared is None else compared


UTC_DAY = "(side.paid_at at time zone 'UTC')::date"
FOLLOWED = (
    MetricsCase("currencies", {"currency": "name"}, {"payments": ROWS, "total": CENT}),
    MetricsCase(*("paid_days", {"day": "day", "currency": "name"}, {"total": TOTAL}), date="day"),
    MetricsCase("sources_of_days", {"day": "day"}, {"payments": ROWS}, orphans="source"),
)
"""Of payments: the latest received against those that stand and were captured."""
GRAINS = {
    "currency": {"source": "side.currency", "target": "side.currency"},
    "day": {"source": UTC_DAY, "target": UTC_DAY},
}


@pytest.fixture(scope="module")
def followed(make_pipeline: MakePipeline) -> Pipeline:
    pipeline = make_pipeline("totals")
    source = {"relation": "base_payments", "entity": "payments", "records": "latest"}
    target = {
        "relation": "stg_payments",
        "entity": "payments",
        "where": "side.status = 'captured'",
    }
    for case in FOLLOWED:
        declare(pipeline, case, source, target, {name: GRAINS[name] for name in case.grain})
    pipeline.runs("run", "--select", "tag:intake")
    return pipeline


def test_totals_of_touched_grains_equal_a_comparison_of_every_grain(
    followed: Pipeline, seed: int
) -> None:
    random = Random(seed)
    orders = [
        (f"O-{number}", "C-1", "approved", "BRL", "10.00", "2026-01-05", "2026-01-05")
        for number in range(4)
    ]
    followed.load("orders", list(enumerate(orders, 1)), "orders", LOADED_AT)
    for batch in range(4):
        payments = [payment(random) for _ in range((30, 12, 1, 8)[batch])]
        at = LOADED_AT + timedelta(days=batch)
        followed.load("payments", list(enumerate(payments, 1)), f"payments-{batch}", at)
        followed.runs("run", "--select", "+tag:brute_totals", "--exclude", "tag:intake")
        columns = f"side.currency as name, {UTC_DAY} as day, side.amount"
        source, target = (
            followed.query(f"select {columns} from staging.{rows}")
            for rows in (
                "base_payments as side where side._is_latest",
                "stg_payments as side where side.status = 'captured'",
            )
        )
        named = [
            [dict(zip(("name", "day", "amount"), row, strict=True)) for row in rows]
            for rows in (source, target)
        ]
        for case in FOLLOWED:
            stored = followed.query(QUERY.format(f"quality.totals_of_{case.name}"))
            assert_same(case, stored, *named)


def payment(random: Random) -> tuple[str, ...]:
    """Of a few payments, some version; often one that is not captured, or not paid."""
    return (
        f"P-{random.randrange(20)}",
        f"O-{random.randrange(5)}",
        "boleto",
        random.choice(("10.00", "10.01", "0.50", "-4")),
        random.choice(("BRL", "USD", "EUR", "", "\\N", "x|y")),
        random.choice(("captured", "captured", "authorized", "failed")),
        random.choice(("", "2026-01-09", "2026-01-10T10:00:00Z")),
        f"2026-02-{random.randrange(1, 29):02}",
    )
