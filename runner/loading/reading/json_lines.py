"""JSON Lines: one object per line, with its values unchanged."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import NoneType
from typing import Any, Final, NoReturn

from runner.errors import ConfigurationError, OperationalError
from runner.loading.reading.blank import WHITE_SPACE
from runner.loading.reading.columns import as_written, landing_names
from runner.loading.reading.formats import FileFormat
from runner.loading.reading.identity import FileIdentity
from runner.loading.reading.lines import Line, line_scanner, lines, too_long
from runner.loading.reading.names import composed
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
    raise ValueError(f"{word} is not JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=_no_number
)


_ARRAY: Final = re.compile(rb"\s*\[\s*(\{|\Z)|\s*\[[ \t]*\r?\n")
_SPREAD_OBJECT: Final = re.compile(rb"\s*\{[ \t]*\r?\n[ \t]*\"")


@dataclass(frozen=True)
class JsonLinesReader:
    """Reads segments of one JSON Lines file; see `runner.loading.reading.segments.Reader`.

    Strings are their text, numbers, true and false are as written, null is NULL, objects and
    arrays are JSON as written. A missing key is NULL, because senders omit empty values.

    Attributes:
        wanted: Columns of landing.
        longest: Largest size of a line in bytes.
        mapping: Keys of the file, each with its column of landing.
    """

    identity: FileIdentity
    wanted: tuple[str, ...]
    encoding: str
    longest: int
    mapping: Mapping[str, str]

    @cached_property
    def _places(self) -> dict[str, str]:
        return landing_names(self.wanted, self.mapping)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of landing: objects may have different ones."""
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
            detail = f"bytes that are not valid {self.encoding}"
            raise _UnreadableError(RejectReason.BAD_ENCODING, detail) from None
        if not text.strip(WHITE_SPACE):
            return Blank(line.row_number)
        if "\0" in text:
            raise _UnreadableError(RejectReason.NUL_BYTE, "a NUL character")
        members = _members(text)
        if self.mapping or not text.isascii() or "\\u" in text:
            places = self._places
            members = [(places.get(composed(name), name), value) for name, value in members]
        if "\\u" in text:
            _refuse_unstorable(members)
        values = dict(members)
        if len(values) != len(members):
            raise _UnreadableError(RejectReason.REPEATED_KEY, "an object with a repeated key")
        if not any(value and value.strip(WHITE_SPACE) for value in values.values()):
            return Blank(line.row_number)
        record = tuple(values.pop(name, None) for name in self.wanted)
        return Record(line.row_number, record, values or None)


def _members(text: str) -> list[tuple[str, str | None]]:
    """Keys and values of the object in a line; nested values as written."""
    try:
        found = _DECODER.decode(text)
    except RecursionError:
        raise _UnreadableError(RejectReason.BAD_JSON, "JSON that nests too deeply") from None
    except ValueError:
        raise _UnreadableError(RejectReason.BAD_JSON, "text that is not JSON") from None
    if not isinstance(found, _Pairs):
        raise _UnreadableError(RejectReason.BAD_JSON, "JSON that is not an object")
    kinds = {type(value) for _, value in found}
    if kinds <= {str, NoneType}:
        return list(found)
    if _Pairs in kinds or list in kinds:
        return _members_as_written(text)
    return [(key, _text(value)) for key, value in found]


def _members_as_written(text: str) -> list[tuple[str, str | None]]:
    """The same for a well-formed object, parsed member by member."""
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
    """The next position that is neither JSON white space nor this character."""
    while text[place] in " \t\r\n" or text[place] == sign:
        place += 1
    return place


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    assert value is None or isinstance(value, str)
    return value


def _refuse_unstorable(members: list[tuple[str, str | None]]) -> None:
    r"""Refuse escapes that PostgreSQL cannot store: `\u0000`, an unpaired surrogate."""
    for one in [text for member in members for text in member if text is not None]:
        if "\0" in one:
            raise _UnreadableError(RejectReason.NUL_BYTE, r"a NUL character, written \u0000")
        try:
            one.encode()
        except UnicodeEncodeError:
            raise _UnreadableError(RejectReason.BAD_ENCODING, "an unpaired surrogate") from None


class _RequiredKeys:
    """Finds required columns that no object of a file has.

    An object may lack a key, but not all objects of a file: a renamed column would be loaded as
    NULL without a message. Lines with the text of a missing key are parsed, until one has it as a
    key of its own, not of an object in it: in most files that is the first line. A line that is
    too long is skipped.
    """

    def __init__(
        self, path: Path, names: Sequence[str], mapping: Mapping[str, str], longest: int
    ) -> None:
        self._path = path
        self._longest = longest
        self._names = {
            key: {composed(key)} if name in mapping else {composed(key), composed(name)}
            for name in names
            for key in [as_written(name, mapping)]
        }
        self._missing = {
            key: {written for one in keys for written in _written(one)}
            for key, keys in self._names.items()
        }
        self._before = b""
        self._is_too_long = False

    def watch(self, piece: bytes | None) -> None:
        """Search the next piece of the file, or handle its end.

        Raises: ConfigurationError at the end, with the columns that were not found.
        """
        if piece is None:
            self._search(self._before)
            if self._missing:
                raise ConfigurationError(
                    f"{self._path}: wrong columns: no object has {', '.join(self._missing)}.",
                    "Correct the file, or declare them in `optional_columns`.",
                )
        elif self._missing:
            *whole, self._before = (self._before + piece).split(b"\n")
            for line in whole:
                self._search(line)
                if not self._missing:
                    self._before = b""
                    break
            if len(self._before) > self._longest:
                self._before, self._is_too_long = b"", True

    def _search(self, line: bytes) -> None:
        if self._is_too_long:
            self._is_too_long = False
            return
        # Any character of a key may be written as an escape, and some in two ways.
        if (
            b"\\u" not in line
            and all(name.isascii() for name in self._missing)
            and not any(one in line for written in self._missing.values() for one in written)
        ):
            return
        try:
            keys = {composed(key) for key, _ in _members(line.decode())}
        except (UnicodeDecodeError, _UnreadableError):
            return
        for name in [one for one in self._missing if self._names[one] & keys]:
            del self._missing[name]


def _written(name: str) -> tuple[bytes, bytes]:
    return json.dumps(name).encode(), json.dumps(name, ensure_ascii=False).encode()


def _refuse_documents(path: Path, start: bytes) -> None:
    """Refuse a file that is one JSON document, an array or an object over several lines.

    Its lines would be refused one by one, with reasons that do not say so.
    """
    if _ARRAY.match(start):
        what, command = "one JSON array", "jq -c '.[]' OLD > NEW"
    elif _SPREAD_OBJECT.match(start):
        what, command = "JSON whose objects span several lines", "jq -c . OLD > NEW"
    else:
        return
    raise OperationalError(
        f"{path} holds {what}; JSON Lines has one object per line.",
        f"Export it as JSON Lines, or convert it: {command}",
    )


def open_json_lines(
    path: Path,
    file_format: FileFormat,
    columns: Sequence[str],
    optional: Collection[str],
    sender_hash: SenderHash | None,
    limits: Limits,
    may_be_empty: bool,
) -> TextSource:
    """Open a JSON Lines file; see `open_source`. The last segment shows missing columns."""
    identity = FileIdentity.of(path)

    def open_file() -> Opening:
        file = FileStream(path, file_format.encoding, limits.block)
        return Opening(file, file, Start(file.read(limits.block), file.offset, 1, {}))

    opening = open_file()
    opening.file.close()
    if not opening.start.text and not may_be_empty:
        raise OperationalError(f"{path} is empty.", "Deliver it with records.")
    _refuse_documents(path, opening.start.text)
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
        may_be_empty=may_be_empty,
        watch=_RequiredKeys(path, required, mapping, limits.record).watch,
        hasher=SenderHasher(sender_hash, path, None, tuple(columns)) if sender_hash else None,
    )
