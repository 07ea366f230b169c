"""What a blank row is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

WHITE_SPACE: Final = " \t\n\r\f\v\u00a0\ufeff"
"""Of nothing else is a blank value made."""
_STARTS: Final = frozenset(WHITE_SPACE.encode())


def is_blank(values: Iterable[bytes | None]) -> bool:
    """Whether no value holds more than white space."""
    for value in values:
        if value and (
            value[0] not in _STARTS or value.decode("utf-8", "replace").strip(WHITE_SPACE)
        ):
            return False
    return True
