"""Reconciliations to try, and random rows for both of their sides."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from .brute_force import Case, Column, Row

TYPES = {
    "name": "text",
    "number": "integer",
    "code": "numeric(8,2)",
    "amount": "numeric",
    "label": "text",
    "moment": "timestamptz",
    "ratio": "double precision",
    "whole": "integer",
    "due": "date",
}
"""Columns of both tables."""

CASES = (
    Case("keys_only", ("name",)),
    Case("exact_amount", ("name",), {"amount": Column()}),
    Case("absolute_tolerance", ("name",), {"amount": Column("0.01")}),
    Case("relative_tolerance", ("number",), {"amount": Column("0.5%")}),
    Case("zero_tolerance", ("number",), {"amount": Column("0")}),
    # As Jinja writes 0.00001.
    Case("small_tolerance", ("number",), {"amount": Column("1e-05")}),
    Case("numeric_key", ("code",), {"label": Column()}),
    Case("key_of_any_scale", ("amount",), {"label": Column()}),
    Case("key_of_floats", ("ratio", "number"), {"label": Column()}),
    Case("whole_tolerance", ("name",), {"whole": Column("1"), "label": Column()}),
    Case("whole_share", ("number",), {"whole": Column("5%")}),
    Case("ratio_share", ("number",), {"ratio": Column("0.5%")}),
    Case("due_tolerance", ("name",), {"due": Column("1"), "label": Column()}),
    Case("composite_key", ("name", "number"), {"label": Column(), "amount": Column("0.01")}),
    Case("composite_texts", ("name", "label"), {"amount": Column()}),
    Case(
        "normalised",
        ("number",),
        {"label": Column(normalise=("trim", "lower", "collapse_spaces")), "moment": Column()},
    ),
    Case("collapsed_only", ("number",), {"label": Column(normalise=("collapse_spaces", "upper"))}),
    Case(
        "nulls_ignored",
        ("number",),
        {"amount": Column("1%", ignore_null=True), "label": Column(ignore_null=True)},
    ),
    Case(
        "all_types",
        ("name",),
        {
            "amount": Column(),
            "label": Column(),
            "moment": Column(),
            "ratio": Column("0.5"),
            "number": Column(),
        },
    ),
    Case("orphans_ignored", ("name",), {"amount": Column("0.01")}, orphans="ignore"),
    Case("many_sources", ("name",), many=("source",)),
    Case("many_on_both_sides", ("name", "code"), many=("source", "target")),
    Case("total", ("number",), {"total": Column("0.01")}, total="amount"),
    Case("total_of_pairs", ("name",), {"total": Column("1%")}, orphans="ignore", total="amount"),
)

DAY = date(2026, 3, 1)
MOMENT = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
AMOUNTS = tuple(
    map(
        Decimal,
        (
            *("0", "0.00", "1", "1.0", "1.00", "1.01", "1.009999999999999", "1.010000000000001"),
            *("0.99", "0.98999", "-1", "-1.01", "100", "100.5", "100.49999", "100.50001", "99.5"),
            *("99.49999", "101", "101.00001", "99", "98.99999", "-100", "-100.5", "-100.50001"),
            *("12345678901234567890.12", "12345678901234567890.13", "12345678901234567890.130001"),
            *("12345678901234567890", "12345678901234567891", "0.0000000000000000001", "NaN"),
        ),
    )
)
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(
        ("a", "b", "A", "a ", " a", "a|b", "b|", "|", "\\", "\\N", "\\|", "c", "d", "", " ", None)
    ),
    "number": st.sampled_from((1, 2, 3, 4, None)),
    "code": st.sampled_from((*map(Decimal, ("1", "1.00", "1.01", "10")), None)),
    "amount": st.one_of(
        st.sampled_from((*AMOUNTS, None)),
        st.decimals(min_value=-2, max_value=2, places=2),
    ),
    "label": st.sampled_from(
        (
            "x",
            "X",
            " x",
            "x ",
            "x y",
            "x  y",
            "x\ty",
            "\u00a0x\u3000",
            "x\u2009\u00a0y",
            "x\u200b",
            " X\n y ",
            "|",
            "\\",
            "é",
            "e\u0301",
            "",
            None,
        )
    ),
    "moment": st.sampled_from(
        (
            MOMENT,
            MOMENT.astimezone(timezone(timedelta(hours=-3))),
            MOMENT + timedelta(microseconds=1),
            MOMENT + timedelta(days=1),
            None,
        )
    ),
    "ratio": st.sampled_from(
        (
            *(0.0, -0.0, 0.5, 0.25, 0.75, 1.0, 1.5, 0.1, 0.30000000000000004, 0.3, 1e308, -1e308),
            *(float("nan"), float("inf"), float("-inf"), None),
        )
    ),
    "whole": st.sampled_from(
        (0, 1, -1, 100, 105, 106, 500000000, 525000000, 2147483647, -2147483648, None)
    ),
    "due": st.sampled_from(
        (*(DAY + timedelta(days) for days in (0, 1, 2)), "infinity", "-infinity", None)
    ),
}


def rows(most: int) -> st.SearchStrategy[list[Row]]:
    """Rows of one side, keys repeated and empty ones among them."""
    row: st.SearchStrategy[Row] = st.fixed_dictionaries(COLUMNS)
    return st.lists(row, max_size=most)


@st.composite
def sides(draw: st.DrawFn, most: int = 8) -> tuple[list[Row], list[Row]]:
    """Rows of both sides: drawn apart, or the same but for some columns."""
    source = draw(rows(most))
    if draw(st.booleans()):
        return source, draw(rows(most))
    target: list[Row] = []
    for row in source:
        changed = draw(st.sampled_from((*COLUMNS, "")))
        target.append({**row, changed: draw(COLUMNS[changed])} if changed else row)
    return source, target
