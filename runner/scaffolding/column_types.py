"""Types of the columns of an entity, derived from a sample of their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runner.scaffolding.readings import DECLARED_FORMS, PLAIN_FORMS, Form, Reading, Values

READABLE_SHARE = 0.95
"""Share of the values of a column that a type must read; `parses_as` reports the others."""
FEW_VALUES = 10
"""Largest number of distinct values of a column with a fixed set of values."""
REPEATS = 10
"""Smallest average number of records for each of these values."""
TIMES = ("date", "timestamptz")
_CODE = re.compile(r"[-+]?0\d|\+\d{6,}")
"""Start of a number that is not a quantity, such as a postcode or a telephone number."""
_MONEY = re.compile(
    r"(?:.*_)?(?:amount|total|price|fee|cost|balance|tax|discount|revenue|salary|paid)"
)
_CONTROL_AMOUNT = re.compile(r"(?:.*_)?(?:amount|total)")
_DAY = re.compile(r"(?:.*_)?(?:date|day|on|at)|date_.*")
_DECLARED = re.compile(
    r"[-+]?[\d.]*,\d+|\d{1,4}(?P<mark>[-./])\d{1,2}(?P=mark)\d{1,4}(?: \d{1,2}:\d{2}(?::\d{2})?)?"
)
"""Numbers and times in forms that have to be declared."""
_DECLARED_DAY = re.compile(rf"{_DECLARED.pattern}|\d{{8}}|\d{{12}}|\d{{14}}")
"""The same in a column of times, in which digits alone may be a time."""
_TRUTHS = {"true", "false", "yes", "no"}

ReadForms = Callable[[Mapping[str, Values], Sequence[Form]], Mapping[str, Sequence[Reading]]]


@dataclass(frozen=True)
class Column:
    """A column of the entity.

    Attributes:
        name: Name in SQL.
        written: Name in the file.
        type: A type of `parses_as`.
        declared: Its entry in `meta: formats`; empty if it needs none.
        values: Its values in the sample.
        unreadable: Number of records of the sample whose value cannot be read as the type.
        example: One of these values.
        may_be: Another form that reads as many values, but differently; None if there is none.
        in_future: Number of records of the sample with a time in the future.
    """

    name: str
    written: str
    type: str
    declared: Mapping[str, Any]
    values: Values
    unreadable: int = 0
    example: str = ""
    may_be: Form | None = None
    in_future: int = 0

    @property
    def choices(self) -> tuple[str, ...]:
        """Its distinct values, if it seems to have a fixed set of values; else empty."""
        counts = self.values.counts
        is_choice = (
            self.type == "text"
            and 1 < len(counts) <= FEW_VALUES
            and self.values.filled >= REPEATS * len(counts)
        )
        return tuple(sorted(value.strip() for value in counts)) if is_choice else ()


@dataclass(frozen=True)
class Parent:
    """An entity that each record belongs to.

    Attributes:
        name: The entity.
        key: The column that identifies it, also in the records of the new entity.
        type: Type of that column.
    """

    name: str
    key: str
    type: str


def suggested_columns(
    names: Mapping[str, str],
    values: Mapping[str, Values],
    keys: Sequence[str],
    parents: Sequence[Parent],
    read: ReadForms,
) -> list[Column]:
    """The columns with the types derived from their values.

    Args:
        names: Names in the file, in its order, and in SQL.
        values: Values of each column, by its name in the file.
        keys: Columns that identify a record, by their names in SQL.
        parents: Parents; their keys keep their types.
        read: Reads columns in several forms.
    """
    plain = read(values, PLAIN_FORMS)
    declared = read(
        {one: values[one] for one in plain if _may_be_declared(names[one], values[one])},
        DECLARED_FORMS,
    )
    fixed = {parent.key: parent.type for parent in parents}
    return [
        _column(
            Column(name, written, "text", {}, values[written]),
            [*plain.get(written, ()), *declared.get(written, ())],
            is_identifier=name in keys or name == "id" or name.endswith("_id"),
            fixed=fixed.get(name),
        )
        for written, name in names.items()
    ]


def _may_be_declared(name: str, values: Values) -> bool:
    """Whether a value looks like a number or a time in a form that has to be declared."""
    form = _DECLARED_DAY if _DAY.fullmatch(name) else _DECLARED
    return any(form.fullmatch(value.strip()) for value in values.counts)


def _column(
    column: Column, readings: Sequence[Reading], *, is_identifier: bool, fixed: str | None
) -> Column:
    """The column with the type that reads most of its values; text if none does."""
    if fixed is not None:
        return _of_parent(column, readings, fixed)
    allowed = 0 if is_identifier else (1 - READABLE_SHARE) * column.values.filled
    fitting = [
        reading
        for reading in readings
        if reading.unreadable <= allowed and _fits(column, reading, is_identifier=is_identifier)
    ]
    if not fitting:
        return column
    is_day = _DAY.fullmatch(column.name) is not None
    best = min(fitting, key=lambda one: (one.unreadable, is_day and one.form.type not in TIMES))
    others = (
        other.form
        for other in fitting
        if not best.form.declared
        and other.unreadable == best.unreadable
        and _reads_otherwise(column, other.form)
    )
    return replace(
        column,
        type=_type(best, is_identifier=is_identifier),
        declared=best.form.declared,
        unreadable=best.unreadable,
        example=best.example,
        may_be=next(others, None),
        in_future=best.in_future,
    )


def _of_parent(column: Column, readings: Sequence[Reading], type_name: str) -> Column:
    """The column with the type of the key of the parent."""
    plain = {"integer": "bigint"}.get(type_name, type_name.partition("(")[0])
    same = [one for one in readings if one.form == Form(plain)]
    return replace(
        column,
        type=type_name,
        unreadable=same[0].unreadable if same else 0,
        example=same[0].example if same else "",
    )


def _fits(column: Column, reading: Reading, *, is_identifier: bool) -> bool:
    """Whether reading the values in this form is informative about the column."""
    texts = [value.strip() for value in column.values.counts]
    kind = reading.form.type
    if kind == "boolean":
        return {text.lower() for text in texts} <= _TRUTHS or (
            reading.distinct == 2 and not any(text.isdigit() for text in texts)
        )
    if kind == "numeric" and is_identifier:
        return False
    if kind == "bigint" and _MONEY.fullmatch(column.name):
        return False
    if kind in ("bigint", "numeric"):
        return not any(_CODE.match(text) for text in texts)
    if kind in TIMES and all(text.isdigit() for text in texts):
        return _DAY.fullmatch(column.name) is not None
    return True


def _reads_otherwise(column: Column, form: Form) -> bool:
    """Whether a declared form reads values differently that the plain forms read as well."""
    sign = "," if "decimal_mark" in form.declared else "/"
    return bool(form.declared) and any(sign in value for value in column.values.counts)


def _type(reading: Reading, *, is_identifier: bool) -> str:
    if reading.form.type == "bigint":
        return "bigint" if is_identifier or reading.digits > 9 else "integer"
    if reading.form.type == "numeric" and reading.digits <= 12 and reading.scale <= 6:
        scale = max(2, reading.scale)
        return f"numeric({12 + scale},{scale})"
    return reading.form.type


def control_amount(columns: Sequence[Column]) -> str | None:
    """The column whose total is reconciled from layer to layer: the first by name."""
    found = (
        column.name
        for column in columns
        if column.type.startswith("numeric") and _CONTROL_AMOUNT.fullmatch(column.name)
    )
    return next(found, None)
