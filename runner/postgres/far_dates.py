"""Dates and times that Python has no value for: before year 1, after 9999, infinity."""

from typing import Any

import psycopg
from psycopg.abc import AdaptContext, Buffer, Loader
from psycopg.types.datetime import DateLoader, IntervalLoader, TimestampLoader, TimestamptzLoader

LOADERS: dict[str, type[Loader]] = {
    "date": DateLoader,
    "timestamp": TimestampLoader,
    "timestamptz": TimestamptzLoader,
    "interval": IntervalLoader,
}


def load_far_dates_as_text(context: AdaptContext) -> None:
    """Load what Python has no value for as PostgreSQL writes it, instead of raising DataError."""
    assert context.adapters is not None
    for type_name, loader in LOADERS.items():
        context.adapters.register_loader(type_name, _or_text(loader))


def _or_text(loader: type[Any]) -> type[Loader]:
    class OrText(loader):  # type: ignore[misc]
        def load(self, data: Buffer) -> Any:
            try:
                return super().load(data)
            except (psycopg.DataError, OverflowError):
                return bytes(data).decode()

    return OrText
