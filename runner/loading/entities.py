"""Entities that can be loaded, as their base models declare them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from runner.dbt.declarations import DeclaredModel
from runner.errors import ConfigurationError
from runner.loading.reading import FileFormat, SenderHash, declared_format, detect_format

AMOUNT_READER = "try_numeric"
"""Default function in the schema quality that reads an amount; see `meta: amount_reader`."""
EXTRA = "_extra"
"""Column of landing for values of columns that the entity does not have."""


@dataclass(frozen=True)
class Entity:
    """An entity that can be loaded, from the manifest's `base_<entity>`.

    Attributes:
        name: The entity.
        columns: Columns of its files, in the order of landing.
        amount: Column whose sum is the control amount, None if there is none.
        keeps_extra: Whether landing has the column EXTRA.
        declared: `meta: format` of the base model, see FileFormat; if empty, file names decide.
        amount_reader: Function in the schema quality, text to numeric, that reads amounts.
        content_hash: `meta: content_hash`: how the sender hashes content; None if not declared.
    """

    name: str
    columns: tuple[str, ...]
    amount: str | None = None
    keeps_extra: bool = True
    declared: Mapping[str, Any] = field(default_factory=dict)
    amount_reader: str = AMOUNT_READER
    content_hash: SenderHash | None = None

    def format_of(self, path: Path) -> FileFormat:
        """The format of a file of this entity.

        Raises: ConfigurationError with the entity if its declaration is invalid.
        """
        if not self.declared:
            return detect_format(path)
        try:
            return declared_format(_for_file(self.declared, path), path)
        except ConfigurationError as error:
            raise ConfigurationError(
                f"base_{self.name}, meta: format: {error.message}", error.remedy
            ) from error


def _for_file(declared: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """The declaration, with the first entry of `by_name` that matches the file name."""
    others = declared.get("by_name") or {}
    if not isinstance(others, Mapping) or not all(
        isinstance(settings, Mapping) for settings in others.values()
    ):
        raise ConfigurationError(
            f"by_name is {others!r}.",
            "Give the differing settings by pattern, such as '*.ebcdic.dat'.",
        )
    fitting = (settings for pattern, settings in others.items() if path.match(str(pattern)))
    common = {key: value for key, value in declared.items() if key != "by_name"}
    return common | dict(next(fitting, {}))


def entities_of(models: Iterable[DeclaredModel]) -> list[Entity]:
    """The entities that can be loaded, by name.

    Raises: ConfigurationError for an invalid declaration.
    """
    found = []
    for model in models:
        entity = model.meta.get("entity")
        if entity and model.name == f"base_{entity}":
            found.append(_entity(entity, model.columns, model.meta))
    return sorted(found, key=lambda entity: entity.name)


def _entity(name: str, columns: Sequence[str], meta: Mapping[str, Any]) -> Entity:
    where = f"base_{name}"
    declared = meta.get("format") or {}
    if not isinstance(declared, Mapping):
        raise ConfigurationError(f"{where}, meta: format is {declared!r}.", "Give a mapping.")
    reader = str(meta.get("amount_reader") or AMOUNT_READER)
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", reader):
        raise ConfigurationError(
            f"{where}, meta: amount_reader is {reader!r}.",
            "Name a function of the quality schema that turns text into numeric.",
        )
    return Entity(
        name=name,
        columns=tuple(column for column in columns if not column.startswith("_")),
        amount=meta.get("amount"),
        keeps_extra=meta.get("unknown_columns") == "keep",
        declared=declared,
        amount_reader=reader,
        content_hash=sender_hash(f"{where}, meta: content_hash", meta.get("content_hash")),
    )


def sender_hash(where: str, declared: Mapping[str, Any] | None) -> SenderHash | None:
    """How a sender hashes content, from YAML or JSON; None if not declared.

    Args:
        declared: `fields` (a list), and `delimiter`, `separator`, `null` and `encoding` if they
            differ from the defaults of SenderHash.
    Raises: ConfigurationError with the unknown or missing key.
    """
    if declared is None:
        return None
    known = ["fields", *(one.name for one in fields(SenderHash) if one.name != "columns")]
    if not isinstance(declared, Mapping) or not declared.get("fields"):
        raise ConfigurationError(f"{where}: no `fields` are named.", f"Give {', '.join(known)}.")
    if unknown := [key for key in declared if key not in known]:
        raise ConfigurationError(
            f"{where}: unknown key {unknown[0]!r}.", f"Known keys: {', '.join(known)}."
        )
    others = {key: str(value) for key, value in declared.items() if key != "fields"}
    return SenderHash(columns=tuple(map(str, declared["fields"])), **others)
