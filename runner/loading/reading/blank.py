"""Blank values and rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

WHITE_SPACE: Final = " \t\n\r\f\v\u00a0\ufeff"
"""Characters of a blank value."""
_STARTS: Final = frozenset(WHITE_SPACE.encode())


def is_blank(values: Iterable[bytes | None]) -> bool:
    """Whether all values are white space only."""
    for value in values:
        if value and (
            value[0] not in _STARTS or value.decode("utf-8", "replace").strip(WHITE_SPACE)
        ):
            return False
    return True
