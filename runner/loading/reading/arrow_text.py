"""Values of Arrow types as text, without loss."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyarrow

Texts = list[str | None]
_ZONE: Final = re.compile(r"([+-]\d\d)(\d\d)$")
_NANOSECONDS_OF_0: Final = re.compile(r"(\.\d{6})000(?!\d)")
_FRACTION: Final = re.compile(r"(T\d\d:\d\d:\d\d)\.\d+")
_WHOLE_SECONDS: Final = (2**63 - 1) // 10**9
"""Seconds from 1970 that are nanoseconds in 64 bits too."""
_PER_SECOND: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def texts(column: pyarrow.Array) -> Texts:
    """A column's values as text.

    Text unchanged; integers and decimals exactly, decimals with all digits of their scale; floats
    as the shortest text that reads back as the same, without an exponent; true and false; dates,
    times and timestamps in ISO 8601 with the digits their type holds, nanoseconds of 0 left out,
    and the zone as an offset where there is one, in UTC where the offset has seconds; durations as
    a count of their unit; UUIDs in their usual form, other bytes in hexadecimal; nested values as
    JSON. NULL is None.

    Raises: ValueError for a date or time in a year that has no such form.
    """
    import pyarrow
    from pyarrow import types

    kind = column.type
    if isinstance(column, pyarrow.ExtensionArray):
        stored = texts(column.storage)
        return uuid_texts(stored) if kind.extension_name == "arrow.uuid" else stored
    if types.is_dictionary(kind):
        return texts(column.dictionary_decode())
    if types.is_null(kind):
        return [None] * len(column)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return list(column.to_pylist())
    if types.is_decimal(kind):
        return [None if one is None else f"{one:f}" for one in column.to_pylist()]
    if _is_bytes(kind):
        return [None if one is None else one.hex() for one in column.to_pylist()]
    if types.is_timestamp(kind):
        return _timestamps(column)
    if types.is_floating(kind):
        return [_plain(one) for one in column.cast("string").to_pylist()]
    if types.is_nested(kind):
        return _as_json(column)
    found = list(column.cast("string").to_pylist())
    return _with_form(found) if types.is_date(kind) else found


def uuid_texts(values: Texts) -> Texts:
    """UUIDs of 32 hexadecimal digits in their usual form."""
    return [None if one is None else str(uuid.UUID(one)) for one in values]


def int96_texts(in_nanoseconds: pyarrow.Array, in_seconds: pyarrow.Array) -> Texts:
    """INT96 timestamps, which hold a day and its nanoseconds, of any year.

    Args:
        in_nanoseconds: The column as nanoseconds in 64 bits, which wrap outside of 1678 to 2261.
        in_seconds: The same column as whole seconds.
    Raises: ValueError for a nested timestamp outside of these years, and as `texts` does.
    """
    from pyarrow import types

    found = texts(in_nanoseconds)
    whole = texts(in_seconds)
    if types.is_timestamp(in_nanoseconds.type):
        seconds = in_seconds.cast("int64").to_pylist()
        if any(one is not None and abs(one) >= _WHOLE_SECONDS for one in seconds):
            wrapped = in_nanoseconds.cast("int64").to_pylist()
            return [
                one
                if second is None or abs(second) < _WHOLE_SECONDS
                else _iso(f"{text}.{(nanoseconds - second * 10**9) % 2**64:09}")
                for one, text, second, nanoseconds in zip(
                    found, whole, seconds, wrapped, strict=True
                )
            ]
    elif any(
        _FRACTION.sub(r"\1", one or "") != _FRACTION.sub(r"\1", other or "")
        for one, other in zip(found, whole, strict=True)
    ):
        raise ValueError("a nested INT96 timestamp is before 1678 or after 2261")
    return found


def _is_bytes(kind: pyarrow.DataType) -> bool:
    from pyarrow import types

    return bool(
        types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
        or types.is_binary_view(kind)
    )


def _timestamps(column: pyarrow.Array) -> Texts:
    """Timestamps as ISO 8601; in UTC where the text of an offset would lose its seconds."""
    import pyarrow
    from pyarrow import compute

    kind = column.type
    found = _with_form(column.cast("string").to_pylist())
    found = [None if one is None else _iso(one) for one in found]
    if kind.tz is None:
        return found
    offsets = compute.subtract(
        compute.local_timestamp(column).cast("int64"), column.cast("int64")
    ).to_pylist()
    minute = 60 * _PER_SECOND[kind.unit]
    if not any(offset and offset % minute for offset in offsets):
        return found
    in_utc = column.cast(pyarrow.timestamp(kind.unit, "UTC")).cast("string").to_pylist()
    return [
        _iso(utc) if utc is not None and offset % minute else text
        for text, utc, offset in zip(found, in_utc, offsets, strict=True)
    ]


def _iso(timestamp: str) -> str:
    text = _NANOSECONDS_OF_0.sub(r"\1", timestamp.replace(" ", "T"))
    return _ZONE.sub(r"\1:\2", text)


def _with_form(values: Texts) -> Texts:
    """The values, unless pyarrow has no text for one."""
    for one in values:
        if one is not None and one.startswith("<value out of range"):
            raise ValueError(f"a date or time is in a year that has no text: {one.strip('<>')}")
    return values


def _plain(number: str | None) -> str | None:
    """A float without an exponent."""
    if number is None or "e" not in number:
        return number
    return f"{Decimal(number):f}"


def _as_json(column: pyarrow.Array) -> Texts:
    """Lists as arrays, structs as objects, maps as arrays of pairs; leaves as in `texts`."""
    from pyarrow import types

    kind = column.type
    if types.is_struct(kind):
        names = [kind.field(at).name for at in range(kind.num_fields)]
        parts = [_json_values(child) for child in column.flatten()]
        return [
            _object(names, values) if is_there else None
            for is_there, *values in zip(column.is_valid().to_pylist(), *parts, strict=True)
        ]
    if types.is_map(kind):
        pairs = zip(_json_values(column.keys), _json_values(column.items), strict=True)
        items = [f"[{key},{value}]" for key, value in pairs]
        start = column.offsets[0].as_py() if len(column) else 0
        sizes = [
            end.as_py() - begin.as_py()
            for begin, end in zip(column.offsets[:-1], column.offsets[1:], strict=True)
        ]
        items = items[start:] if len(items) > sum(sizes) else items
    else:
        sizes = [0 if size is None else size for size in column.value_lengths().to_pylist()]
        items = _json_values(column.flatten())
    found: Texts = []
    place = 0
    for is_there, size in zip(column.is_valid().to_pylist(), sizes, strict=True):
        found.append(f"[{','.join(items[place : place + size])}]" if is_there else None)
        place += size
    return found


def _object(names: Sequence[str], values: Sequence[str]) -> str:
    members = (
        f"{json.dumps(name, ensure_ascii=False)}:{value}"
        for name, value in zip(names, values, strict=True)
    )
    return "{" + ",".join(members) + "}"


def _json_values(column: pyarrow.Array) -> list[str]:
    """Values of a column as JSON: numbers, booleans and nested values bare, all others quoted."""
    from pyarrow import types

    kind = column.type
    is_bare = (
        types.is_integer(kind)
        or types.is_decimal(kind)
        or types.is_boolean(kind)
        or types.is_nested(kind)
    )
    return [
        "null"
        if one is None
        else one
        if is_bare or (types.is_floating(kind) and one not in ("nan", "inf", "-inf"))
        else json.dumps(one, ensure_ascii=False)
        for one in texts(column)
    ]
