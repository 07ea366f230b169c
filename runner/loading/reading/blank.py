"""Blank values and rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

WHITE_SPACE: Final = (
    " \t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""Characters of a blank value, as in the package (`white_space`)."""
_STARTS: Final = frozenset(WHITE_SPACE.encode())


def is_blank(values: Iterable[bytes | None]) -> bool:
    """Whether all values are white space only."""
    for value in values:
        if value and (
            value[0] not in _STARTS or value.decode("utf-8", "replace").strip(WHITE_SPACE)
        ):
            return False
    return True
