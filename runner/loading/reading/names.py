"""Names of files and columns, compared as people see them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNSEEN: Final = re.compile(
    r"[\s\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]+"
)


def composed(name: str) -> str:
    """A name in Unicode's normal form C: systems write `é` as one character or as two."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def bare(name: str) -> str:
    """A name without white space and characters that nobody sees, in one case and form."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", name).casefold())
