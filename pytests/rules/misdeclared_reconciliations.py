"""Misdeclared reconciliations: macro, arguments that differ from sound ones, and the message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

METRICS: dict[str, tuple[Mapping[str, Any], str]] = {
    "of_none": (
        {"metrics": {}},
        ": metrics is '{}', allowed is a mapping of names to source and target",
    ),
    "of_no_grain": (
        {"grain": []},
        ": grain is '[]', allowed are a list of columns, or a mapping of names to source "
        "and target",
    ),
    "of_a_grain_of_text": ({"grain": "currency"}, ": grain is 'currency', allowed are a"),
    "of_one_side": (
        {"metrics": {"total": {"source": "count(*)"}}},
        ", metric total: target is missing; it needs source and target",
    ),
    "of_a_grain_of_one_side": (
        {"grain": {"day": {"target": "side.day"}}},
        ", grain day: source is missing; it needs source and target",
    ),
    "of_a_grain_without_sides": (
        {"grain": {"day": "side.day"}},
        ", grain day: it is 'side.day', allowed is a mapping with source and target",
    ),
    "of_a_misspelt_date": (
        {"date": "currencies"},
        ": date is 'currencies', allowed are currency",
    ),
}
ROWS: dict[str, tuple[Mapping[str, Any], str]] = {
    "normalised_by_text": (
        {"compare": {"status": {"normalise": "trim"}}},
        ", column status: normalise is 'trim', allowed is a list of trim, lower, upper, "
        "collapse_spaces",
    ),
    "ignoring_null_in_quotes": (
        {"compare": {"status": {"ignore_null": "false"}}},
        ", column status: ignore_null is 'false', allowed are true and false, without quotes",
    ),
    "of_many_in_quotes": (
        {"source": {"relation": "stg_orders", "many": "false"}},
        ": many is 'false', allowed are true and false, without quotes",
    ),
    "compared_of_many": (
        {"target": {"relation": "stg_orders", "many": True}, "compare": ["status"]},
        ", column status: several rows of the target may carry a key, so that aggregate "
        "must say what is compared; it has none",
    ),
}

RECONCILIATIONS: dict[str, tuple[str, Mapping[str, Any], str]] = {
    **{
        f"open_days_{name}": (
            "reconcile_metrics",
            {"date": "currency", "open_days": given},
            f"reconcile_metrics in {{model}}: open_days is '{given}', allowed are whole numbers "
            "from 0",
        )
        for name, given in {"negative": -1, "of_words": "few", "in_parts": 1.5}.items()
    },
    "open_days_without_date": (
        "reconcile_metrics",
        {"open_days": 1},
        "reconcile_metrics in {model}: open_days is '1', which needs date, the name of the grain's "
        "date",
    ),
    **{
        f"metrics_{name}": ("reconcile_metrics", given, f"reconcile_metrics in {{model}}{message}")
        for name, (given, message) in METRICS.items()
    },
    **{
        f"rows_{name}": ("reconcile_rows", given, f"reconcile_rows in {{model}}{message}")
        for name, (given, message) in ROWS.items()
    },
}
