"""Misdeclared reconciliations: macro, arguments that differ from sound ones, and what is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
}
