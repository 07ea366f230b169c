"""Move columns that landing does not have into one JSON object per record, before COPY."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from runner.loading.reading.columns import ColumnMap


def with_extra_as_json(
    chunks: Iterable[bytes], column_map: ColumnMap, delimiter: bytes, quote: bytes
) -> Iterator[bytes]:
    """Records with the columns of landing, followed by the other values as a quoted JSON object.

    Args:
        chunks: Whole records, cut anywhere, each with a value for each column, and without quotes,
            backslashes and control characters, so that values are valid in JSON unchanged.
        quote: Quote of the object.
    """
    positions = column_map.positions
    mark = b'"'.replace(quote, quote * 2)
    keys = [
        (place, json.dumps(name, ensure_ascii=False).encode().replace(quote, quote * 2) + b":")
        for place, name in zip(column_map.extra_positions, column_map.extra, strict=True)
    ]
    start, end = delimiter + quote + b"{", b"}" + quote
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield _rebuilt(lines, positions, keys, delimiter, mark, start, end)
    if rest:
        yield _rebuilt([rest], positions, keys, delimiter, mark, start, end)


def _rebuilt(
    lines: list[bytes],
    positions: tuple[int, ...],
    keys: list[tuple[int, bytes]],
    delimiter: bytes,
    mark: bytes,
    start: bytes,
    end: bytes,
) -> bytes:
    rebuilt = []
    for line in lines:
        values = line.removesuffix(b"\r").split(delimiter)
        members = [
            key + mark + value + mark if (value := values[place]) else key + b"null"
            for place, key in keys
        ]
        kept = delimiter.join([values[place] for place in positions])
        rebuilt.append(kept + start + b",".join(members) + end)
    return b"\n".join(rebuilt) + b"\n" if rebuilt else b""
