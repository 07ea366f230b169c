"""What a reconciliation of totals must find, worked out one grain at a time, without SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Any

from .brute_force import EXACT, Key, Row, plain

ZERO = Decimal(0)


def number_of(rows: Sequence[Row]) -> Decimal:
    return Decimal(len(rows))


def total_of(rows: Sequence[Row]) -> Decimal | None:
    """As SQL adds up: NULLs left out, nothing at all is NULL."""
    amounts = [row["amount"] for row in rows if row["amount"] is not None]
    with localcontext(EXACT):
        return sum(amounts, ZERO) if amounts else None


@dataclass(frozen=True)
class Metric:
    """A figure of each grain.

    Attributes:
        sql: Aggregate of the rows of a side.
        tolerance: `0.01` or `0.5%`.
    """

    sql: str
    figure: Callable[[Sequence[Row]], Decimal | None]
    tolerance: str = "0"

    def is_same(self, expected: Decimal | None, actual: Decimal | None) -> bool:
        if expected is None or actual is None:
            return expected is None and actual is None
        if expected.is_nan() or actual.is_nan():
            return expected.is_nan() and actual.is_nan()
        if expected == actual:
            return True
        if expected.is_infinite() or actual.is_infinite():
            return False
        with localcontext(EXACT):
            allowed = Decimal(self.tolerance.rstrip("%"))
            if self.tolerance.endswith("%"):
                allowed = abs(expected) * allowed / 100
            return abs(actual - expected) <= allowed


@dataclass(frozen=True)
class MetricsCase:
    """One reconciliation of totals.

    Attributes:
        grain: Names to columns.
        metrics: By name.
    """

    name: str
    grain: Mapping[str, str]
    metrics: Mapping[str, Metric]
    date: str | None = None
    open_days: int = 0
    orphans: str = "report"


@dataclass(frozen=True)
class Drift:
    """One metric of one grain that differs, comparable with what the database says."""

    status: str
    expected: Any
    actual: Any
    discrepancy: Any
    metric_date: date | None
    source_count: int
    target_count: int


Drifts = Mapping[tuple[Key, str], Drift]


def reconcile_totals(
    case: MetricsCase, source: Sequence[Row], target: Sequence[Row]
) -> tuple[Drifts, int]:
    """What differs by grain and metric, and the number of grains compared.

    The number is that of the target's grains; of the source's where orphans of the target are not
    looked for.
    """
    sides = [_grains(case, rows) for rows in (source, target)]
    asked = sides[0].keys() if case.orphans == "source" else sides[0].keys() | sides[1].keys()
    days = [day for grains in sides for key in grains if (day := _day(case, key)) is not None]
    first_open = max(days) - timedelta(case.open_days - 1) if case.open_days and days else date.max
    found = {}
    for key in asked:
        day = _day(case, key)
        if case.open_days and day is not None and day >= first_open:
            asked = asked - {key}
            continue
        for name, metric in case.metrics.items():
            held = [key in grains for grains in sides]
            expected, actual = (metric.figure(grains.get(key, ())) for grains in sides)
            if not (all(held) and metric.is_same(expected, actual)):
                found[key, name] = _drift(held, expected, actual, day)
    counted = sides[0] if case.orphans == "source" else sides[1]
    return found, len(asked & counted.keys())


def _grains(case: MetricsCase, rows: Sequence[Row]) -> dict[Key, list[Row]]:
    grains: dict[Key, list[Row]] = {}
    for row in rows:
        grains.setdefault(tuple(row[column] for column in case.grain.values()), []).append(row)
    return grains


def _day(case: MetricsCase, key: Key) -> date | None:
    return key[list(case.grain).index(case.date)] if case.date is not None else None


def _drift(
    held: list[bool], expected: Decimal | None, actual: Decimal | None, day: date | None
) -> Drift:
    expected, actual = (
        figure if is_held else None
        for figure, is_held in zip((expected, actual), held, strict=True)
    )
    with localcontext(EXACT):
        discrepancy = (actual or ZERO) - (expected or ZERO)
    status = "MISMATCHED" if all(held) else "SOURCE_ONLY" if held[0] else "TARGET_ONLY"
    return Drift(status, plain(expected), plain(actual), plain(discrepancy), day, *map(int, held))


def decoded_grain(case: MetricsCase, key: str, makers: Mapping[str, Callable[[str], Any]]) -> Key:
    """The parts of a grain's text, typed."""
    parts = [key]
    if len(case.grain) > 1:
        parts = re.findall(r"(?:^|\|)((?:[^\\|]|\\.)*)", key, re.DOTALL)
    assert len(parts) == len(case.grain), key
    return tuple(
        None if part == "\\N" else makers[column](re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL))
        for part, column in zip(parts, case.grain.values(), strict=True)
    )
