"""Control totals from manifest, control files and control records, compared with the content."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from runner.errors import ConfigurationError, OperationalError
from runner.loading.entities import sender_hash
from runner.loading.files import CONTROL_SUFFIX, MANIFEST, EntityFile
from runner.loading.reading import FileTotals, SenderHash
from runner.loading.reading.names import composed

SCHEMA = Path(__file__).with_name("control.schema.json")
AMOUNTS = "amounts."
"""Prefix of a column in the field names of a control record."""


@dataclass(frozen=True)
class Control:
    """Control totals of one file from one source; None if not given.

    Attributes:
        source: manifest.json, payments.csv.ctl, or `payments.csv` itself.
        records: Number of records, including unreadable ones, without blank rows.
        amounts: Sums by column, as text.
        sha256: Hash of the bytes of the file, lower-case hexadecimal.
        content_hash: Hash of the content by the sender, lower-case hexadecimal.
        content_hash_of: How that hash is computed, None for the declaration of the entity.
        business_date: Business day of the records.
        batch_id: The batch id of the sender.
        given: Everything the source gives, to be stored.
    """

    source: str
    records: int | None = None
    amounts: Mapping[str, str] = field(default_factory=dict)
    sha256: str | None = None
    content_hash: str | None = None
    content_hash_of: SenderHash | None = None
    business_date: date | None = None
    batch_id: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """A control total that does not match.

    Attributes:
        check: record_count, amounts.<column>, sha256, content_hash, or manifest.
        source: Source of the expected value.
        expected, actual: As text; None if there is no value.
    """

    check: str
    source: str
    expected: str | None
    actual: str | None


@dataclass(frozen=True)
class Received:
    """The content received of a file.

    Attributes:
        totals: Totals from reading the file.
        records: Number of records, including unreadable ones, without blank rows.
        amounts: Sums of the readable values, by requested column.
    """

    totals: FileTotals
    records: int
    amounts: Mapping[str, Decimal | None]


def read_controls(
    directory: Path, files: Sequence[EntityFile], *, is_whole: bool = True
) -> dict[Path, list[Control]]:
    """Read manifest and control files, and return the controls of each file.

    Args:
        is_whole: Whether `files` are all files of the directory; if so, a file that the manifest
            lists and that is not among them is missing.
    Raises: ConfigurationError with file and path for a violation of the schema; OperationalError
        for a file that is listed but missing.
    """
    controls: dict[Path, list[Control]] = {file.path: [] for file in files}
    manifest = _find(directory, MANIFEST)
    if manifest is not None:
        content = _read_json(manifest, "manifest")
        common = {key: content[key] for key in ("business_date", "batch_id") if key in content}
        by_name = {composed(str(path.relative_to(directory))): path for path in controls}
        for one in content["files"]:
            path = by_name.get(composed(str(Path(one["name"]))))
            if path is not None:
                controls[path].append(_control(manifest.name, {**common, **one}))
            elif is_whole or not (directory / one["name"]).is_file():
                _refuse_absent(manifest, directory / one["name"])
    for path, found in controls.items():
        own = _find(path.parent, path.name + CONTROL_SUFFIX)
        if own is not None:
            found.append(_control(own.name, _read_json(own, "control")))
        elif manifest is not None and not found:
            found.append(Control(manifest.name, given={"unnamed": True}))
    return controls


def control_of_records(path: Path, fields: Mapping[str, str]) -> Control | None:
    """Control totals from the header and trailer records of a file.

    Args:
        fields: Their fields by name. `record_count`, `amounts.<column>`, `content_hash`,
            `business_date` and `batch_id` are checked or kept; others are kept as they are.
    Raises: OperationalError for a count or a date that cannot be read.
    """
    if not fields:
        return None
    try:
        day = fields.get("business_date", "").strip()
        return Control(
            source=path.name,
            records=int(fields["record_count"]) if fields.get("record_count", "").strip() else None,
            amounts={
                name.removeprefix(AMOUNTS): value
                for name, value in fields.items()
                if name.startswith(AMOUNTS)
            },
            content_hash=fields.get("content_hash", "").strip().lower() or None,
            business_date=_date(day) if day else None,
            batch_id=fields.get("batch_id", "").strip() or None,
            given=dict(fields),
        )
    except ValueError as error:
        raise OperationalError(
            f"{path}: its header or trailer record cannot be read: {error}.",
            "Fix the record, or the format that declares it.",
        ) from error


def differences(
    controls: Sequence[Control], received: Received, expected_amounts: Mapping[str, Decimal | None]
) -> list[Difference]:
    """The control totals of a file that do not match.

    Args:
        expected_amounts: The given amounts, by source and column (`source/column`), as the database
            reads them.
    """
    found = []

    def compare(control: Control, check: str, expected: object, actual: object) -> None:
        if expected is not None and expected != actual:
            values = [None if one is None else str(one) for one in (expected, actual)]
            found.append(Difference(check, control.source, *values))

    for control in controls:
        if control.given.get("unnamed"):
            found.append(Difference("manifest", control.source, "not listed", "received"))
        compare(control, "record_count", control.records, received.records)
        compare(control, "sha256", control.sha256, received.totals.sha256)
        compare(control, "content_hash", control.content_hash, received.totals.sender_hash)
        for column, amount in control.amounts.items():
            expected = expected_amounts[f"{control.source}/{column}"]
            # For a sender the sum of no records is 0, and may be left blank.
            actual = received.amounts[column] or Decimal(0)
            if expected is None and not amount.strip() and control.records == received.records == 0:
                continue
            if expected != actual:
                written = f"'{amount}', which is no number" if expected is None else str(expected)
                found.append(Difference(f"{AMOUNTS}{column}", control.source, written, str(actual)))
    return found


def _refuse_absent(manifest: Path, path: Path) -> None:
    what = "belongs to no entity" if path.is_file() else "is not there"
    raise OperationalError(
        f"{manifest} names {path.name}, which {what}; nothing was loaded.",
        "Deliver the missing file, or a manifest without it.",
    )


def _find(directory: Path, name: str) -> Path | None:
    return next(
        (
            path
            for path in directory.iterdir()
            if composed(path.name.lower()) == composed(name.lower())
        ),
        None,
    )


def _read_json(path: Path, what: str) -> dict[str, Any]:
    from jsonschema import Draft202012Validator

    try:
        # From bytes, so that a byte order mark and UTF-16 are recognised.
        content: Any = json.loads(path.read_bytes(), parse_float=str)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.", "Give JSON.") from error
    schema = {**_schema(), "type": "object", "$ref": f"#/$defs/{what}"}
    errors = Draft202012Validator(schema).iter_errors(content)
    # An invalid value makes the whole invalid as well: the innermost error is the one to fix.
    complaint = max(errors, key=lambda error: len(error.absolute_path), default=None)
    if complaint is not None:
        place = "/".join(map(str, complaint.absolute_path)) or "as a whole"
        raise ConfigurationError(
            f"{path}, {place}: {complaint.message}.",
            "See docs/loading.md for the contents of a control.",
        )
    found: dict[str, Any] = content
    return found


@functools.cache
def _schema() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return content


def _control(source: str, given: Mapping[str, Any]) -> Control:
    day = given.get("business_date")
    try:
        return Control(
            source=source,
            records=given.get("record_count"),
            amounts={name: str(value) for name, value in given.get("amounts", {}).items()},
            sha256=given["sha256"].lower() if "sha256" in given else None,
            content_hash=given["content_hash"].lower() if "content_hash" in given else None,
            content_hash_of=sender_hash(source, given.get("content_hash_of")),
            business_date=_date(day) if day else None,
            batch_id=given.get("batch_id"),
            given=dict(given),
        )
    except (ValueError, InvalidOperation) as error:
        raise ConfigurationError(f"{source}: {error}.", "Give a date as YYYY-MM-DD.") from error


def _date(text: str) -> date:
    """A day as YYYY-MM-DD or YYYYMMDD."""
    plain = f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else text
    return date.fromisoformat(plain)
