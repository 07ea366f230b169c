"""Names of a new entity, its columns and its rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from runner.errors import ConfigurationError

LONGEST_NAME = 30
"""Longest name of an entity: PostgreSQL truncates names at 63 characters, and temporary tables of
a layer have the names of two entities."""
TAKEN = ("dq_status", "dq_score")
"""Columns that Trustgate adds to those of an entity."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def check_entity_name(name: str, reserved: Collection[str]) -> None:
    """Refuse a name that is not valid in the SQL of the layers.

    Args:
        reserved: Reserved words of PostgreSQL.
    Raises: ConfigurationError.
    """
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise ConfigurationError(
            f"{name!r} cannot be the name of an entity.",
            f"Give lower case letters, digits and `_`, starting with a letter, {LONGEST_NAME} at "
            "most, such as refunds.",
        )
    if name in reserved:
        raise ConfigurationError(
            f"{name!r} cannot be the name of an entity: it is a reserved word of PostgreSQL.",
            "Give another name, such as its plural.",
        )


def singular(name: str) -> str:
    """The singular of a plural, by English spelling: refunds, refund."""
    if name.endswith("ies") and len(name) > 4:
        return f"{name[:-3]}y"
    if name.endswith(("sses", "shes", "ches", "xes")):
        return name[:-2]
    if name.endswith("s") and not name.endswith(("ss", "us", "is")):
        return name[:-1]
    return name


def in_words(name: str) -> str:
    """A name in prose: order_lines, order lines."""
    return name.replace("_", " ")


def column_names(written: Sequence[str], prefix: str, reserved: Collection[str]) -> tuple[str, ...]:
    """Names of the columns of a file in SQL, in order and unique.

    Args:
        written: Their names in the file.
        prefix: Prefix for names that are not valid columns: reserved words, names of columns of
            Trustgate, and names that do not begin with a letter.
    """
    found: list[str] = []
    for number, name in enumerate(written, start=1):
        plain = name if _NAME.fullmatch(name) else _spelled(name)
        if not plain:
            plain = f"column_{number}"
        elif plain in reserved or plain in TAKEN or not plain[0].isalpha():
            plain = f"{prefix}_{plain}"
        taken, again = plain, 1
        while plain in found or (plain in written and plain != name):
            again += 1
            plain = f"{taken}_{again}"
        found.append(plain)
    return tuple(found)


def _spelled(name: str) -> str:
    """A name in lower case letters, digits and single underscores; `OrderID` is order_id."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def rule_name(entity: str, column: str, ending: str) -> str:
    """Id of a rule about a column: refund_id_present, refund_amount_parses."""
    one = singular(entity)
    about = column if column == one or column.startswith(f"{one}_") else f"{one}_{column}"
    return f"{about}_{ending}"
