"""What a row reconciliation must find, worked out one pair at a time, without SQL."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Context, Decimal, localcontext
from typing import Any

from runner.loading.reading.blank import WHITE_SPACE

Row = Mapping[str, Any]
Key = tuple[Any, ...]
EXACT = Context(prec=700, traps=[])
"""Infinity less Infinity is NaN, as to SQL."""


@dataclass(frozen=True)
class Column:
    """How a column is compared, as `reconcile_rows` takes it.

    Attributes:
        tolerance: `0.01` or `0.5%`.
    """

    tolerance: str | None = None
    normalise: tuple[str, ...] = ()
    ignore_null: bool = False

    def arguments(self) -> dict[str, Any]:
        """As the macro's argument."""
        given = {
            "tolerance": self.tolerance,
            "normalise": list(self.normalise),
            "ignore_null": self.ignore_null,
        }
        return {name: value for name, value in given.items() if value}

    def is_same(self, source: Any, target: Any) -> bool:
        if source is None or target is None:
            return self.ignore_null or (source is None and target is None)
        if _is_nan(source) or _is_nan(target):
            return _is_nan(source) and _is_nan(target)
        if source == target:
            return True
        if self.tolerance is None:
            return False
        with localcontext(EXACT):
            allowed = Decimal(self.tolerance.rstrip("%"))
            if self.tolerance.endswith("%"):
                allowed = abs(_measure(source)) * allowed / 100
            difference = abs(_measure(target) - _measure(source))
            return difference.is_finite() and difference <= allowed

    def normalised(self, value: Any) -> Any:
        for word in self.normalise if value is not None else ():
            value = NORMALISERS[word](value)
        return value


NORMALISERS: dict[str, Callable[[str], str]] = {
    "trim": lambda text: text.strip(WHITE_SPACE),
    "lower": str.lower,
    "upper": str.upper,
    "collapse_spaces": lambda text: re.sub(f"[{WHITE_SPACE}]+", " ", text),
}


@dataclass(frozen=True)
class Case:
    """One reconciliation.

    Attributes:
        many: Sides (`source`, `target`) on which several rows may carry one key.
        total: Column of which the target's rows are added up, as `total`; the source has it as is.
    """

    name: str
    key: tuple[str, ...]
    compare: Mapping[str, Column] = field(default_factory=dict)
    orphans: str = "report"
    many: tuple[str, ...] = ()
    total: str | None = None


@dataclass(frozen=True)
class Mismatch:
    """One key that does not match, comparable with what the database says."""

    status: str
    source_count: int
    target_count: int
    matches: Mapping[str, bool] | None = None
    values: Mapping[str, tuple[Any, Any]] | None = None
    mismatched: tuple[str, ...] | None = None
    discrepancy: Any = None


@dataclass(frozen=True)
class Result:
    """All that a reconciliation says.

    Attributes:
        mismatches: By key, for keys that are not empty.
        keyless: Rows of the source and of the target whose key is empty.
        source_count: Rows of the source; None where orphans are ignored.
        target_count: Rows of the target; None where orphans are ignored.
        compared: Keys both sides have, only where orphans are ignored.
    """

    mismatches: Mapping[Key, Mismatch]
    keyless: tuple[int, int]
    source_count: int | None
    target_count: int | None
    compared: int | None


def reconcile(case: Case, source: Sequence[Row], target: Sequence[Row]) -> Result:
    """Compare each key of either side."""
    sides: dict[Key, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    keyless = [0, 0]
    for number, rows in enumerate((source, target)):
        for row in rows:
            key = tuple(plain(row[column]) for column in case.key)
            if any(part is None or str(part).strip(WHITE_SPACE) == "" for part in key):
                keyless[number] += 1
            else:
                sides[key][number].append(row)
    found = {key: _pair(case, left, right) for key, (left, right) in sides.items()}
    is_ignoring = case.orphans == "ignore"
    return Result(
        {key: mismatch for key, mismatch in found.items() if mismatch is not None},
        (0, 0) if is_ignoring else (keyless[0], keyless[1]),
        None if is_ignoring else len(source),
        None if is_ignoring else len(target),
        sum(1 for left, right in sides.values() if left and right) if is_ignoring else None,
    )


def _pair(case: Case, left: list[Row], right: list[Row]) -> Mismatch | None:
    several_left = len(left) > 1 and "source" not in case.many
    several_right = len(right) > 1 and "target" not in case.many and case.total is None
    if several_left or several_right:
        return Mismatch("MULTIPLE_MATCHES", len(left), len(right))
    if not left or not right:
        if case.orphans == "ignore":
            return None
        return Mismatch("SOURCE_ONLY" if left else "TARGET_ONLY", len(left), len(right))
    matches, values, differences = {}, {}, {}
    for name, column in case.compare.items():
        if name == "total" and case.total is not None:
            amounts = [row[case.total] for row in right if row[case.total] is not None]
            with localcontext(EXACT):
                total = sum(amounts, Decimal(0)) if amounts else None
            pair = (left[0][case.total], total)
        else:
            pair = (column.normalised(left[0][name]), column.normalised(right[0][name]))
        matches[name], values[name] = column.is_same(*pair), (plain(pair[0]), plain(pair[1]))
        differences[name] = _difference(*pair) if column.tolerance else None
    if all(matches.values()):
        return None
    measured = next((name for name, how in case.compare.items() if how.tolerance), None)
    return Mismatch(
        "PARTIAL_MATCH" if any(matches.values()) else "MISMATCHED",
        len(left),
        len(right),
        matches,
        values,
        tuple(name for name, is_match in matches.items() if not is_match),
        plain(differences[measured]) if measured else None,
    )


def _difference(source: Any, target: Any) -> Decimal | None:
    if source is None or target is None:
        return None
    with localcontext(EXACT):
        return _measure(target) - _measure(source)


def _measure(value: Any) -> Decimal:
    """A number as it is written, the number of a day; infinite days are texts."""
    if isinstance(value, date):
        return Decimal(value.toordinal())
    return Decimal(repr(value) if isinstance(value, float) else value)


def _is_nan(value: Any) -> bool:
    return isinstance(value, Decimal | float) and value != value


def plain(value: Any) -> Any:
    """A value of which equal ones are equal to Python: what JSON lacks as text, instants in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        number = _measure(value)
        names = {"NaN": "NaN", "Infinity": "Infinity", "-Infinity": "-Infinity"}
        return names.get(str(number), number)
    return value
