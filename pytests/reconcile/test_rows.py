"""`reconcile_rows` finds what a comparison of every pair in Python finds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from ..conftest import MakePipeline
from ..database import Row as DatabaseRow
from .bench import Bench, write_sides
from .brute_force import Case, Key, Mismatch, Result, Row, plain, reconcile
from .cases import AMOUNTS, CASES, DAY, MOMENT, TYPES, sides

FOLDER = "models/brute"
BY_NAME = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def bench(make_pipeline: MakePipeline) -> Iterator[Bench]:
    pipeline = make_pipeline("good")
    write_sides(pipeline, "brute", TYPES)
    for case in CASES:
        pipeline.write(
            f"{FOLDER}/brute_{case.name}.sql",
            "{{ config(tags=['brute']) }}\n"
            f"{{{{ trustgate.reconcile_rows(**{arguments(case)!r}) }}}}\n",
        )
    pipeline.runs("run", "--select", "tag:intake", "brute_source", "brute_target")
    compiled = pipeline.runs("compile", "--select", "tag:brute").compiled
    statements = {case.name: compiled[f"brute_{case.name}"] for case in CASES}
    with pipeline.database.connect() as connection:
        yield Bench(pipeline, connection, statements)


def arguments(case: Case) -> dict[str, Any]:
    """Arguments of the macro for a case."""
    source: dict[str, Any] = {"relation": "brute_source"}
    target: dict[str, Any] = {"relation": "brute_target"}
    for name, side in (("source", source), ("target", target)):
        if name in case.many:
            side["many"] = True
    if case.total is not None:
        source["columns"] = {"total": f"side.{case.total}"}
        target["aggregate"] = {"total": f"sum(side.{case.total})"}
    return {
        "source": source,
        "target": target,
        "key": list(case.key) if len(case.key) > 1 else case.key[0],
        "compare": {name: how.arguments() for name, how in case.compare.items()},
        "orphans": case.orphans,
    }


@pytest.mark.parametrize("name", BY_NAME)
def test_rows_equal_a_comparison_of_every_pair(bench: Bench, name: str) -> None:
    case = BY_NAME[name]

    @settings(
        max_examples=50,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(sides())
    def holds(drawn: tuple[list[Row], list[Row]]) -> None:
        source, target = drawn
        assert_same(found_at_once(bench, case, source, target), reconcile(case, source, target))

    holds()


@pytest.mark.parametrize("name", ["key_of_any_scale", "key_of_floats"])
def test_keys_that_only_read_otherwise_are_one(bench: Bench, name: str) -> None:
    blank: Row = dict.fromkeys(TYPES)
    written: list[Row] = [
        {**blank, "amount": Decimal(amount), "ratio": ratio, "number": 1, "label": amount}
        for amount, ratio in (("1", 0.0), ("1.0", -0.0), ("1.00", 0.0))
    ]
    case = BY_NAME[name]
    for source, target in ((written, written[1:2]), (written[:2], []), ([], written[1:])):
        found = found_at_once(bench, case, source, target)
        assert_same(found, reconcile(case, source, target))


def test_keys_that_share_a_hash_are_told_apart(bench: Bench) -> None:
    """PostgreSQL's hash of a numeric leaves out its sign."""
    blank: Row = dict.fromkeys(TYPES)
    repeated: list[Row] = [{**blank, "amount": Decimal(each)} for each in ("7", "7", "-7")]
    case = BY_NAME["key_of_any_scale"]
    for source, target in ((repeated, []), ([], repeated), (repeated[:2], repeated[2:])):
        found = found_at_once(bench, case, source, target)
        assert_same(found, reconcile(case, source, target))


def test_stored_results_equal_a_comparison_of_every_pair_again_and_again(
    bench: Bench, seed: int
) -> None:
    """As dbt builds them: once from nothing, then converging to other rows."""
    random = Random(seed)
    for _ in range(2):
        source, target = larger_sides(random)
        fill(bench, source, target)
        bench.pipeline.runs("run", "--select", "tag:brute")
        for case in CASES:
            stored = bench.pipeline.query(QUERY.format(f"quality.brute_{case.name}"))
            assert_same(read(case, stored), reconcile(case, source, target), case.name)


def larger_sides(random: Random) -> tuple[list[Row], list[Row]]:
    """A few hundred rows a side, of the same small domains."""

    def row(number: int) -> Row:
        return {
            "name": random.choice((f"n{number}", f"n{number}", "a", "a|b", "\\N", "", None)),
            "number": random.choice((number, number, number, 1, None)),
            "code": Decimal(random.choice((number, number, 1))),
            "amount": random.choice((*AMOUNTS, None)),
            "label": random.choice(("x", " X ", "", None)),
            "moment": random.choice((MOMENT, None)),
            "ratio": random.choice((0.5, 1.0, float("nan"), None)),
            "whole": random.choice((number, 2147483647, -1, None)),
            "due": random.choice((DAY, "infinity", None)),
        }

    source = [row(number) for number in range(300)]
    target = [
        found if random.random() < 0.7 else row(number)
        for number, found in enumerate(source)
        if random.random() < 0.95
    ]
    return source, target


def assert_same(found: Result, right: Result, name: str = "") -> None:
    """Show what differs, key by key."""
    keys = found.mismatches.keys() | right.mismatches.keys()
    differing = {
        key: (found.mismatches.get(key), right.mismatches.get(key))
        for key in keys
        if found.mismatches.get(key) != right.mismatches.get(key)
    }
    assert not differing, f"{name}: found and right by key: {differing}"
    assert found == right, name


QUERY = """
    select is_summary, record_key, match_status, source_count, target_count, compared,
        field_comparisons::text, mismatched_fields, discrepancy
    from {}
"""


def found_at_once(bench: Bench, case: Case, source: list[Row], target: list[Row]) -> Result:
    """What the compiled statements say of these rows, with nothing left behind."""
    query = bench.statements[case.name]
    with bench.connection.transaction(force_rollback=True):
        fill(bench, source, target)
        return read(
            case, bench.connection.execute(QUERY.format(f"({query}) as result").encode()).fetchall()
        )


def fill(bench: Bench, source: list[Row], target: list[Row]) -> None:
    """Put the rows in place of those the two tables hold."""
    for side, rows in (("source", source), ("target", target)):
        table = bench.pipeline.named(f"staging.brute_{side}")
        bench.connection.execute(f"truncate {table}".encode())
        with bench.connection.cursor().copy(f"copy {table} from stdin".encode()) as stream:
            for row in rows:
                stream.write_row([row[column] for column in TYPES])


def read(case: Case, found: Sequence[DatabaseRow]) -> Result:
    """The rows of a reconciliation as a result."""
    ((*_, source_count, target_count, compared, _, _, _),) = [row for row in found if row[0]]
    keys = [row[1] for row in found if not row[0]]
    assert len(keys) == len(set(keys)), f"one key stands twice: {sorted(keys)}"
    mismatches, keyless = {}, [0, 0]
    for is_summary, key, status, in_source, in_target, _, fields, mismatched, difference in found:
        if status == "NO_KEY":
            keyless[0] += in_source
            keyless[1] += in_target
        elif not is_summary:
            assert decoded(case, key) not in mismatches, f"one key stands twice: {key}"
            pairs = json.loads(fields, parse_float=Decimal, parse_int=Decimal) if fields else None
            mismatches[decoded(case, key)] = Mismatch(
                status,
                in_source,
                in_target,
                {name: pair["match"] for name, pair in pairs.items()} if pairs else None,
                {name: values(name, pair) for name, pair in pairs.items()} if pairs else None,
                None if mismatched is None or pairs is None else tuple(mismatched),
                plain(difference),
            )
    return Result(mismatches, (keyless[0], keyless[1]), source_count, target_count, compared)


def values(name: str, pair: dict[str, Any]) -> tuple[Any, Any]:
    """Both values of a compared column, as Python compares them."""
    both = (pair["source"], pair["target"])
    if TYPES.get(name) == "timestamptz":
        both = tuple(value and plain(datetime.fromisoformat(value)) for value in both)
    return both[0], both[1]


def decoded(case: Case, key: str) -> Key:
    """The parts of an encoded key, typed."""
    parts = [key]
    if len(case.key) > 1:
        parts = [
            re.sub(r"\\(.)", r"\1", part)
            for part in re.findall(r"(?:^|\|)((?:[^\\|]|\\.)*)", key, re.DOTALL)
        ]
    assert len(parts) == len(case.key), key
    make = {
        "text": str,
        "integer": int,
        "double precision": float,
        **dict.fromkeys(("numeric", "numeric(8,2)"), Decimal),
    }
    return tuple(plain(make[TYPES[name]](part)) for name, part in zip(case.key, parts, strict=True))
