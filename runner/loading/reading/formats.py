"""File formats: declared for an entity, else derived from the file name."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from runner.errors import ConfigurationError

Kind = Literal["delimited", "json_lines", "parquet", "fixed_width"]
Strip = Literal["none", "left", "right", "both"]

_BY_SUFFIX: dict[str, tuple[Kind, str]] = {
    ".csv": ("delimited", ","),
    ".tsv": ("delimited", "\t"),
    ".tab": ("delimited", "\t"),
    ".psv": ("delimited", "|"),
    ".txt": ("delimited", ","),
    ".jsonl": ("json_lines", ","),
    ".ndjson": ("json_lines", ","),
    ".parquet": ("parquet", ","),
    ".dat": ("delimited", ","),
}
_PACKED = (".gz", ".zst", ".zstd")
SUFFIXES = tuple(_BY_SUFFIX)
"""Suffixes of files that can be read, each also with .gz, .zst or .zstd appended."""


@dataclass(frozen=True)
class Field:
    """A field of a fixed-width record.

    Attributes:
        name: Column, or name of the control value.
        start: First character, from 1.
        length: Characters.
        strip: Side on which spaces are removed. Empty values are NULL.
        packed: Whether it is a packed decimal (COMP-3): two digits a byte, the sign last.
    """

    name: str
    start: int
    length: int
    strip: Strip = "right"
    packed: bool = False

    def __post_init__(self) -> None:
        _require(bool(self.name), "a field of the layout has no name", "Name it.")
        where = f"field {self.name!r} of the layout"
        _require(self.start >= 1, f"{where} starts at {self.start}", "The first character is 1.")
        _require(self.length >= 1, f"{where} has length {self.length}", "Give 1 or more.")
        _one_of(f"strip of {where}", self.strip, get_args(Strip))
        _require(
            isinstance(self.packed, bool), f"packed of {where} is {self.packed!r}", "Give true."
        )

    @property
    def end(self) -> int:
        """Last character, from 1."""
        return self.start + self.length - 1


@dataclass(frozen=True)
class ControlRecord:
    """A header or trailer record of the file, which is not data.

    Attributes:
        type: Value of the first field of the record (delimited) or in the layout's `record_type`.
        fields: Delimited: names of its fields after the first, "" for one that does not matter.
        layout: Fixed width: its fields.
    """

    type: str
    fields: tuple[str, ...] = ()
    layout: tuple[Field, ...] = ()

    def __post_init__(self) -> None:
        _require(
            bool(self.type), "a header or trailer has no `type`", "Give the value it starts with."
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the control values it holds."""
        return tuple(name for name in self.fields if name) + tuple(f.name for f in self.layout)


@dataclass(frozen=True)
class FileFormat:
    """The format of the files of an entity.

    Attributes:
        kind: delimited, json_lines, parquet or fixed_width.
        delimiter: Delimited: one character.
        quote: Delimited: one ASCII character, which escapes itself; None where there are no quotes.
        encoding: Of delimited, JSON Lines and fixed-width files; any that Python knows.
        has_header: Delimited: whether the first record (after a declared `header`) names columns.
        columns: Delimited without a header: the columns in the file's order.
        layout: Fixed width: the fields of a record.
        record_length: Fixed width without line ends: characters of each record, all fields in one
            byte a character. Files with line ends have None.
        may_be_short: Fixed width with line ends: whether lines may lack trailing spaces.
        record_type: Fixed width: the field with the type of the record.
        detail_type: Fixed width: the record type of data.
        header: The first record, if it is a control record.
        trailer: The last record, if it is a control record.
        column_mapping: For files with column names: names in the file, each with its column of
            landing.
        optional_columns: Columns of landing that a file may lack.
    Raises: ConfigurationError for contradictory settings.
    """

    kind: Kind = "delimited"
    delimiter: str = ","
    quote: str | None = '"'
    encoding: str = "utf-8"
    has_header: bool = True
    columns: tuple[str, ...] = ()
    layout: tuple[Field, ...] = ()
    record_length: int | None = None
    may_be_short: bool = False
    record_type: Field | None = None
    detail_type: str | None = None
    header: ControlRecord | None = None
    trailer: ControlRecord | None = None
    column_mapping: Mapping[str, str] = field(default_factory=dict)
    optional_columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, get_args(Kind))
        _check_encoding(self.encoding)
        self._check_mapping()
        if self.kind == "delimited":
            self._check_delimited()
        elif self.kind == "fixed_width":
            self._check_fixed_width()
        else:
            _require(
                self.header is None and self.trailer is None,
                f"{self.kind} has no header or trailer records",
                "Remove them from the format; give the control totals in a manifest.",
            )
        names = [name for one in (self.header, self.trailer) if one for name in one.names]
        _require(
            len(set(names)) == len(names),
            "header and trailer name a field twice",
            "Give each control field a name of its own.",
        )

    def _check_mapping(self) -> None:
        mapped = list(self.column_mapping.values())
        _require(
            len(set(mapped)) == len(mapped),
            "column_mapping gives two columns the same name",
            "Give each column of landing one name.",
        )
        _require(
            not mapped or (self.has_header and self.kind != "fixed_width"),
            "column_mapping applies to files with column names only",
            "Without a header use `columns`, for fixed width `layout`, with the names of landing.",
        )

    def _check_delimited(self) -> None:
        _require(
            len(self.delimiter) == 1 and self.delimiter not in "\0\r\n",
            f"the delimiter is {self.delimiter!r}",
            "Give one character, not a line end.",
        )
        if self.quote is not None:
            _require(
                len(self.quote) == 1
                and self.quote.isascii()
                and self.quote not in f"\0\r\n{self.delimiter}",
                f"the quote is {self.quote!r}",
                "Give one ASCII character other than the delimiter, or null for none.",
            )
        if not self.has_header:
            _require(
                bool(self.columns),
                "files have no header, and no columns are declared",
                "List them as `columns`, in the file's order.",
            )

    def _check_fixed_width(self) -> None:
        _require(bool(self.layout), "fixed width without a layout", "Declare `layout`.")
        _require(
            (self.record_type is None) == (self.detail_type is None),
            "`record_type` and `detail_type` belong together",
            "Declare both or neither.",
        )
        _require(
            self.record_type is not None or (self.header is None and self.trailer is None),
            "a header or trailer without `record_type`",
            "Declare the field with the type of a record.",
        )
        controls = [one for one in (self.header, self.trailer) if one is not None]
        _require(
            self.record_length is not None or not any(one.packed for one in self.layout),
            "packed decimals in records with line ends",
            "Declare `record_length`: any byte of a packed decimal may look like a line end.",
        )
        _require(
            not any(one.packed for control in controls for one in control.layout)
            and not (self.record_type and self.record_type.packed),
            "a packed decimal in a header, a trailer or `record_type`",
            "Only fields of `layout` can be packed.",
        )
        if self.record_length is not None:
            _require(
                self.record_length >= self.layout_length,
                f"records of {self.record_length} characters cannot hold a layout of "
                f"{self.layout_length}",
                "Give the whole record's length.",
            )
            _require(
                _is_single_byte(self.encoding),
                f"records without line ends in {self.encoding}",
                "Use an encoding with one byte a character, such as latin-1 or cp037.",
            )

    @property
    def layout_length(self) -> int:
        """Fixed width: the last character that the layout of data names."""
        every = (*self.layout, *((self.record_type,) if self.record_type else ()))
        return max((one.end for one in every), default=0)


def detect_format(path: Path) -> FileFormat:
    """Derive the format from a file name.

    Raises: ConfigurationError for an extension that is not in SUFFIXES.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    known = _BY_SUFFIX.get(suffixes[-1]) if suffixes else None
    if known is None:
        raise ConfigurationError(
            f"{path}: the format of the file is unknown from its name.",
            f"End it in {', '.join(SUFFIXES)}, each with .gz or .zst appended if packed, or "
            "declare the entity's format.",
        )
    return FileFormat(kind=known[0], delimiter=known[1])


def declared_format(declared: Mapping[str, Any], path: Path) -> FileFormat:
    """The declared format of an entity; settings that are not declared depend on the file name.

    Args:
        declared: Attributes of FileFormat by name, as in YAML: fields of layouts are mappings.
    Raises: ConfigurationError with the unknown key or invalid value.
    """
    _known_keys("format", declared, FileFormat)
    given = dict(declared)
    try:
        by_name = detect_format(path)
        detected: dict[str, Any] = {"kind": by_name.kind, "delimiter": by_name.delimiter}
    except ConfigurationError:
        if "kind" not in given:
            raise
        detected = {}
    for key in ("columns", "optional_columns"):
        if key in given:
            given[key] = tuple(map(str, _listed(key, given[key])))
    if "column_mapping" in given:
        given["column_mapping"] = _mapping(given["column_mapping"])
    if "layout" in given:
        given["layout"] = _layout("layout", given["layout"])
    if given.get("record_type") is not None:
        given["record_type"] = _layout("record_type", [given["record_type"]])[0]
    for key in ("header", "trailer"):
        if given.get(key) is not None:
            given[key] = _control(key, given[key])
    try:
        return replace(FileFormat(), **(detected | given))
    except TypeError as error:
        raise ConfigurationError(f"The format cannot be read: {error}.") from error


def _mapping(declared: Any) -> dict[str, str]:
    _require(
        isinstance(declared, Mapping) and all(isinstance(name, str) for name in declared.values()),
        f"column_mapping of the format is {declared!r}",
        "Give names in the file and names in landing, such as {Order ID: order_id}.",
    )
    return {str(name): mapped for name, mapped in declared.items()}


def _layout(where: str, declared: Any) -> tuple[Field, ...]:
    found = []
    for number, one in enumerate(_listed(where, declared), start=1):
        _known_keys(f"{where}, field {number}", one, Field)
        given = {"name": where, **one} if where == "record_type" else one
        try:
            found.append(Field(**given))
        except TypeError as error:
            raise ConfigurationError(
                f"{where}, field {number} cannot be read: {error}.",
                "Give `name`, `start` from 1, `length`, and `strip` or `packed` if need be.",
            ) from error
    return tuple(found)


def _control(where: str, declared: Any) -> ControlRecord:
    _known_keys(where, declared, ControlRecord)
    return ControlRecord(
        type=str(declared.get("type", "")),
        fields=tuple(str(name or "") for name in _listed(where, declared.get("fields", ()))),
        layout=_layout(where, declared.get("layout", ())),
    )


def _listed(where: str, value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return list(value)
    raise ConfigurationError(f"{where} of the format is {value!r}.", "Give a list.")


def _known_keys(where: str, declared: Any, wanted: type) -> None:
    names = [one.name for one in fields(wanted)]
    if not isinstance(declared, Mapping):
        raise ConfigurationError(
            f"{where} is {declared!r}.", f"Give a mapping with {', '.join(names)}."
        )
    if unknown := [key for key in declared if key not in names]:
        raise ConfigurationError(
            f"{where} has an unknown key {unknown[0]!r}.", f"Known keys: {', '.join(names)}."
        )


def _check_encoding(encoding: str) -> None:
    try:
        is_text = codecs.lookup(encoding)._is_text_encoding
    except LookupError:
        is_text = False
    _require(is_text, f"the encoding {encoding!r} is unknown", "utf-8, latin-1, utf-16, cp037 …")


def _is_single_byte(encoding: str) -> bool:
    """Whether each character is one byte."""
    return len(bytes(range(256)).decode(encoding, "replace")) == 256 and (
        encoding.lower().replace("_", "-") not in ("utf-8", "utf8", "utf-7", "utf7")
    )


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> None:
    _require(value in allowed, f"{what} is {value!r}", f"Allowed: {', '.join(allowed)}.")


def _require(holds: bool, complaint: str, remedy: str) -> None:
    if not holds:
        raise ConfigurationError(f"The file format is wrong: {complaint}.", remedy)
