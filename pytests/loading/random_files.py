"""Random files to load: records that are known, the same damaged, and bytes that are nothing."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass

COLUMNS = ("thing_id", "amount", "note")
UNKNOWN = ("colour", 'the "size"', "größe")
SIGNS = [
    "a",
    "Z",
    "0",
    " ",
    ".",
    "-",
    ",",
    ";",
    '"',
    "\n",
    "\r",
    "\r\n",
    "\\",
    "\\.",
    "\t",
    "é",
    "🙂",
]
PIECES = [
    *(
        b"thing_id,amount,note\n",
        b"T1,1,x\n",
        b'"',
        b'""',
        b",",
        b"\n",
        b"\r\n",
        b"\r",
        b"\\.",
        b"\0",
    ),
    *(b'{"thing_id":"T1","amount":1,"note":null}\n', b"{", b"}", b"\xff", b"\xef\xbb\xbf", b" "),
]
Values = tuple[str | None, ...]


@dataclass(frozen=True)
class RandomFile:
    """A file, and what must come of it where that is known.

    Attributes:
        records: Row number, the values of COLUMNS and the unknown ones; None where nobody knows.
        refused: Row number and bytes of each line that is broken.
    """

    name: str
    content: bytes
    records: list[tuple[int, Values, dict[str, str | None] | None]] | None = None
    refused: tuple[tuple[int, bytes], ...] = ()


def random_file(chance: random.Random, number: int) -> RandomFile:
    """A file of one of all kinds."""
    kind = chance.choice(["known", "known", "damaged", "damaged", "bytes"])
    if kind == "bytes":
        count = chance.randrange(60)
        pieces = [
            chance.choice(PIECES) if chance.random() < 0.8 else chance.randbytes(4)
            for _ in range(count)
        ]
        start = [PIECES[0]] if chance.random() < 0.7 else []
        suffix = chance.choice(["csv", "csv", "jsonl"])
        return RandomFile(f"things-{number}.{suffix}", b"".join(start + pieces))
    known = _known_file(chance, number)
    if kind == "damaged":
        return RandomFile(known.name, _damaged(chance, known.content))
    if chance.random() < 0.2:
        packed = gzip.compress(known.content, 1)
        return RandomFile(f"{known.name}.gz", packed, known.records, known.refused)
    return known


def _known_file(chance: random.Random, number: int) -> RandomFile:
    if chance.random() < 0.15:
        return _json_lines(chance, number)
    names = [*COLUMNS, *chance.sample(UNKNOWN, chance.choice([0, 0, 1, 3]))]
    chance.shuffle(names)
    end, quotes = chance.choice(["\n", "\r\n"]), chance.choice([0.0, 0.0, 0.5, 1.0])
    # Plain values are what COPY is given as it is.
    is_plain = chance.random() < 0.5
    lines = [",".join(_written(chance, name, 0) for name in names)]
    records: list[tuple[int, Values, dict[str, str | None] | None]] = []
    refused: list[tuple[int, bytes]] = []
    for row_number in range(1, chance.choice([2, 20, 200, 600])):
        if chance.random() < 0.02:
            broken = chance.choice(["T9", "T9" + ",9" * len(names), 'T9,a"b,1' + ",1" * 9])
            lines.append(broken)
            refused.append((row_number, broken.encode()))
            continue
        if chance.random() < 0.02:
            lines.append(chance.choice(["", " ", "," * (len(names) - 1)]))
            continue
        found = {name: _value(chance, is_plain) for name in names}
        found["thing_id"] = f"T{number}-{row_number}"
        lines.append(",".join(_written(chance, found[name], quotes) for name in names))
        records.append((row_number, *_split(found)))
    text = end.join(lines) + (end if chance.random() < 0.9 else "")
    mark = b"\xef\xbb\xbf" if chance.random() < 0.1 else b""
    return RandomFile(f"things-{number}.csv", mark + text.encode(), records, tuple(refused))


def _json_lines(chance: random.Random, number: int) -> RandomFile:
    lines: list[str] = []
    records: list[tuple[int, Values, dict[str, str | None] | None]] = []
    for row_number in range(1, chance.choice([2, 20, 200])):
        names = [*COLUMNS, *chance.sample(UNKNOWN, chance.choice([0, 1]))]
        found = {name: _value(chance, False) for name in names}
        found["thing_id"] = f"T{number}-{row_number}"
        lines.append(json.dumps(found, ensure_ascii=chance.random() < 0.5))
        records.append((row_number, *_split(found)))
    return RandomFile(f"things-{number}.jsonl", "\n".join(lines).encode(), records)


def _split(found: dict[str, str | None]) -> tuple[Values, dict[str, str | None] | None]:
    extra = {name: value for name, value in found.items() if name not in COLUMNS}
    return tuple(found[name] for name in COLUMNS), extra or None


def _value(chance: random.Random, is_plain: bool) -> str | None:
    if chance.random() < 0.2:
        return None
    if is_plain:
        return str(chance.randrange(10**6)) + chance.choice(["", " é", "\\.", ";"])
    return "".join(chance.choices(SIGNS, k=chance.randrange(8)))


def _written(chance: random.Random, value: str | None, quotes: float) -> str:
    if value is None:
        return ""
    if value and not set(value) & set(',"\n\r') and chance.random() >= quotes:
        return value
    return '"' + value.replace('"', '""') + '"'


def _damaged(chance: random.Random, content: bytes) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 1, 5, 30])):
        place = chance.randrange(len(damaged) + 1)
        end = min(place + chance.choice([0, 0, 1, 20]), len(damaged))
        damaged[place:end] = chance.choice([*PIECES, b"", chance.randbytes(2)])
    return bytes(damaged)
