"""JSON Lines: an object a line, its values as they stand in the file."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Final, NoReturn

from runner.errors import ConfigurationError, TroubleError
from runner.loading.reading.blank import WHITE_SPACE
from runner.loading.reading.columns import as_written
from runner.loading.reading.formats import FileFormat
from runner.loading.reading.identity import FileIdentity
from runner.loading.reading.lines import Line, line_scanner, lines, too_long
from runner.loading.reading.segments import (
    Blank,
    CopyOptions,
    Limits,
    Record,
    RejectReason,
    Row,
    Segment,
)
from runner.loading.reading.sender_hash import SenderHash, SenderHasher
from runner.loading.reading.splitting import Splitter
from runner.loading.reading.streams import FileStream
from runner.loading.reading.text_source import Opening, Start, TextSource


class _Pairs(tuple[tuple[str, Any], ...]):
    """An object's keys and values, repeated keys included."""


class _UnreadableError(Exception):
    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=_no_number
)


@dataclass(frozen=True)
class JsonLinesReader:
    """Reads segments of one JSON Lines file; see `runner.loading.reading.segments.Reader`.

    Strings are their text, numbers, true and false are as written, null is NULL, objects and
    arrays are JSON as written. A key that an object lacks is NULL: senders leave out what is empty.

    Attributes:
        wanted: Columns of landing.
        longest: Bytes of a line.
        mapping: Keys of the file, and what landing calls these columns.
    """

    identity: FileIdentity
    wanted: tuple[str, ...]
    encoding: str
    longest: int
    mapping: Mapping[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of landing: each object may have others of them."""
        return self.wanted

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """None; each record has its own."""
        return ()

    @property
    def copy_options(self) -> CopyOptions:
        """Not used: no segment is clean."""
        return CopyOptions(",", '"')

    @property
    def copies_extra(self) -> bool:
        """No segment is clean."""
        return False

    def chunks(self, segment: Segment) -> Iterator[bytes]:
        """The segment's bytes."""
        return self.identity.chunks(segment)

    def rows(self, segment: Segment) -> Iterator[Row]:
        """The segment's rows in order, each of them exactly once."""
        text = self.identity.bytes_of(segment)
        for line in lines(text, segment.first_row_number, segment.first_line_number):
            try:
                yield self._row(line)
            except _UnreadableError as error:
                yield line.reject(error.reason, error.detail, self.encoding)

    def _row(self, line: Line) -> Row:
        if len(line.text) > self.longest:
            raise _UnreadableError(*too_long(self.longest))
        try:
            text = line.text.decode()
        except UnicodeDecodeError:
            detail = f"bytes that are no {self.encoding}"
            raise _UnreadableError(RejectReason.BAD_ENCODING, detail) from None
        if not text.strip(WHITE_SPACE):
            return Blank(line.row_number)
        if "\0" in text:
            raise _UnreadableError(RejectReason.NUL_BYTE, "a NUL character")
        members = _members(text)
        if self.mapping:
            members = [(self.mapping.get(key, key), value) for key, value in members]
        if "\\u" in text:
            _refuse_unstorable(members)
        values = dict(members)
        if len(values) != len(members):
            raise _UnreadableError(RejectReason.REPEATED_KEY, "an object that names a key twice")
        if not any(value and value.strip(WHITE_SPACE) for value in values.values()):
            return Blank(line.row_number)
        record = tuple(values.pop(name, None) for name in self.wanted)
        return Record(line.row_number, record, values or None)


def _members(text: str) -> list[tuple[str, str | None]]:
    """Keys and values of the object that a line is; values that nest as they are written."""
    try:
        found = _DECODER.decode(text)
    except RecursionError:
        raise _UnreadableError(RejectReason.BAD_JSON, "JSON that nests too deeply") from None
    except ValueError:
        raise _UnreadableError(RejectReason.BAD_JSON, "text that is no JSON") from None
    if not isinstance(found, _Pairs):
        raise _UnreadableError(RejectReason.BAD_JSON, "JSON that is no object")
    kinds = {type(value) for _, value in found}
    if kinds <= {str, NoneType}:
        return list(found)
    if _Pairs in kinds or list in kinds:
        return _members_as_written(text)
    return [(key, _text(value)) for key, value in found]


def _members_as_written(text: str) -> list[tuple[str, str | None]]:
    """The same for an object known to be well-formed, taken apart member by member."""
    members: list[tuple[str, str | None]] = []
    place = text.index("{") + 1
    while True:
        place = _behind(text, place, ",")
        if text[place] == "}":
            return members
        key, place = _DECODER.raw_decode(text, place)
        place = _behind(text, place, ":")
        value, end = _DECODER.raw_decode(text, place)
        nests = isinstance(value, _Pairs | list)
        members.append((key, text[place:end] if nests else _text(value)))
        place = end


def _behind(text: str, place: int, sign: str) -> int:
    """The next place that is neither JSON's white space nor this sign."""
    while text[place] in " \t\r\n" or text[place] == sign:
        place += 1
    return place


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    assert value is None or isinstance(value, str)
    return value


def _refuse_unstorable(members: list[tuple[str, str | None]]) -> None:
    r"""Escapes may name what text in PostgreSQL cannot hold: `\u0000`, half a surrogate pair."""
    for one in [text for member in members for text in member if text is not None]:
        if "\0" in one:
            raise _UnreadableError(RejectReason.NUL_BYTE, r"a NUL character, written \u0000")
        try:
            one.encode()
        except UnicodeEncodeError:
            raise _UnreadableError(RejectReason.BAD_ENCODING, "half a surrogate pair") from None


class _RequiredKeys:
    """Notices columns that no object of a file names, though it must have them.

    An object may lack a key, the file may not: else a renamed column would load as NULL without a
    word. It looks for the key's text only, which costs next to nothing.
    """

    def __init__(self, path: Path, names: Sequence[str], mapping: Mapping[str, str]) -> None:
        self._path = path
        self._missing = {}
        for name in names:
            key = as_written(name, mapping)
            own = () if name in mapping else _written(name)
            self._missing[key] = {*_written(key), *own}
        self._longest = max(
            (len(one) for keys in self._missing.values() for one in keys), default=0
        )
        self._before = b""

    def watch(self, piece: bytes | None) -> None:
        """See the next piece of the file, or its end.

        Raises: ConfigurationError at the end, naming the columns that were never seen.
        """
        if piece is None:
            if self._missing:
                raise ConfigurationError(
                    f"{self._path}: wrong columns: no object has {', '.join(self._missing)}.",
                    "Correct the file, or declare them in `optional_columns`.",
                )
        elif self._missing:
            text = self._before + piece
            for name, keys in list(self._missing.items()):
                if any(one in text for one in keys):
                    del self._missing[name]
            self._before = text[-self._longest :]


def _written(name: str) -> tuple[bytes, bytes]:
    return json.dumps(name).encode(), json.dumps(name, ensure_ascii=False).encode()


def open_json_lines(
    path: Path,
    file_format: FileFormat,
    columns: Sequence[str],
    optional: Collection[str],
    sender_hash: SenderHash | None,
    limits: Limits,
) -> TextSource:
    """Open a JSON Lines file; see `open_source`. Missing columns show after the last segment."""
    identity = FileIdentity.of(path)

    def open_file() -> Opening:
        file = FileStream(path, file_format.encoding, limits.block)
        return Opening(file, file, Start(file.read(limits.block), file.offset, 1, {}))

    opening = open_file()
    opening.file.close()
    if not opening.start.text:
        raise TroubleError(f"{path} is empty.", "Deliver it with records.")
    mapping = file_format.column_mapping
    reader = JsonLinesReader(
        identity, tuple(columns), opening.file.encoding, limits.record, mapping
    )
    required = [name for name in columns if name not in optional]
    return TextSource(
        identity,
        open_file,
        line_scanner(limits),
        Splitter(b"\n", None, 1, limits.record),
        reader,
        limits,
        watch=_RequiredKeys(path, required, mapping).watch,
        hasher=SenderHasher(sender_hash, path, None, tuple(columns)) if sender_hash else None,
    )
