"""What a sender says he sent: manifest, control files, records of the file itself; held against
what arrived."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from runner.errors import ConfigurationError, TroubleError
from runner.loading.entities import sender_hash
from runner.loading.files import CONTROL_SUFFIX, MANIFEST, EntityFile
from runner.loading.reading import FileTotals, SenderHash

SCHEMA = Path(__file__).with_name("control.schema.json")
AMOUNTS = "amounts."
"""Before a column in the name of a control record's field."""


@dataclass(frozen=True)
class Control:
    """What one source says of one file; None is what it does not say.

    Attributes:
        source: Where it stands: manifest.json, payments.csv.ctl, or `payments.csv` itself.
        records: Records sent, those that cannot be read included, blank rows not.
        amounts: Sums by column, as text.
        sha256: Of the file's bytes, lower-case hexadecimal.
        content_hash: The sender's own hash, lower-case hexadecimal.
        content_hash_of: How that was made, None for as the entity says.
        business_date: Day the records are about.
        batch_id: The sender's name of the batch.
        given: All that was said, for the record.
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
    """What was said and what arrived, where they differ.

    Attributes:
        check: record_count, amounts.<column>, sha256, content_hash, or manifest.
        source: Where it was said.
        expected, actual: As text; None where there is nothing.
    """

    check: str
    source: str
    expected: str | None
    actual: str | None


@dataclass(frozen=True)
class Arrived:
    """What arrived of a file.

    Attributes:
        totals: What the reading counted.
        records: Records, those that cannot be read included, blank rows not.
        amounts: Sums by column of what can be read, for the columns that were asked for.
    """

    totals: FileTotals
    records: int
    amounts: Mapping[str, Decimal | None]


def read_controls(
    directory: Path, files: Sequence[EntityFile], *, is_whole: bool = True
) -> dict[Path, list[Control]]:
    """What manifest and control files say of each file.

    Args:
        is_whole: Whether `files` are all that are wanted of the directory; a file that the manifest
            names and that is not among them is then missing.
    Raises: ConfigurationError naming file and place for what does not follow the schema;
        TroubleError for a file that is named and absent.
    """
    controls: dict[Path, list[Control]] = {file.path: [] for file in files}
    manifest = _find(directory, MANIFEST)
    if manifest is not None:
        said = _read_json(manifest, "manifest")
        common = {key: said[key] for key in ("business_date", "batch_id") if key in said}
        by_name = {str(path.relative_to(directory)): path for path in controls}
        for one in said["files"]:
            path = by_name.get(str(Path(one["name"])))
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


def control_of_records(path: Path, said: Mapping[str, str]) -> Control | None:
    """What the header and trailer records of a file say.

    Args:
        said: Their fields by name. `record_count`, `amounts.<column>`, `content_hash`,
            `business_date` and `batch_id` are checked or kept; others are kept as they are.
    Raises: TroubleError for a count or a date that cannot be read.
    """
    if not said:
        return None
    try:
        day = said.get("business_date", "").strip()
        return Control(
            source=path.name,
            records=int(said["record_count"]) if said.get("record_count", "").strip() else None,
            amounts={
                name.removeprefix(AMOUNTS): value
                for name, value in said.items()
                if name.startswith(AMOUNTS)
            },
            content_hash=said.get("content_hash", "").strip().lower() or None,
            business_date=_date(day) if day else None,
            batch_id=said.get("batch_id", "").strip() or None,
            given=dict(said),
        )
    except ValueError as error:
        raise TroubleError(
            f"{path}: its header or trailer record cannot be read: {error}.",
            "Mend the record, or the format that declares it.",
        ) from error


def differences(
    controls: Sequence[Control], arrived: Arrived, expected_amounts: Mapping[str, Decimal | None]
) -> list[Difference]:
    """Where a file is not what was said.

    Args:
        expected_amounts: The amounts said, by the control's source and column (`source/column`),
            as the database reads them.
    """
    found = []

    def compare(control: Control, check: str, expected: object, actual: object) -> None:
        if expected is not None and expected != actual:
            words = [None if one is None else str(one) for one in (expected, actual)]
            found.append(Difference(check, control.source, *words))

    for control in controls:
        if control.given.get("unnamed"):
            found.append(Difference("manifest", control.source, "not named", "arrived"))
        compare(control, "record_count", control.records, arrived.records)
        compare(control, "sha256", control.sha256, arrived.totals.sha256)
        compare(control, "content_hash", control.content_hash, arrived.totals.sender_hash)
        for column, said in control.amounts.items():
            expected = expected_amounts[f"{control.source}/{column}"]
            if expected is None:
                found.append(Difference(f"{AMOUNTS}{column}", control.source, said, None))
            # What sums up to nothing is 0 to who sends it.
            elif (actual := arrived.amounts[column] or Decimal(0)) != expected:
                found.append(
                    Difference(f"{AMOUNTS}{column}", control.source, str(expected), str(actual))
                )
    return found


def _refuse_absent(manifest: Path, path: Path) -> None:
    what = "belongs to no entity" if path.is_file() else "is not there"
    raise TroubleError(
        f"{manifest} names {path.name}, which {what}; nothing was loaded.",
        "Deliver all that was sent, or a manifest of what was.",
    )


def _find(directory: Path, name: str) -> Path | None:
    return next((path for path in directory.iterdir() if path.name.lower() == name.lower()), None)


def _read_json(path: Path, what: str) -> dict[str, Any]:
    from jsonschema import Draft202012Validator

    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"), parse_float=str)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.", "Give JSON.") from error
    schema = {**_schema(), "type": "object", "$ref": f"#/$defs/{what}"}
    errors = Draft202012Validator(schema).iter_errors(content)
    # What is wrong within a value makes the whole wrong as well: the innermost says what to mend.
    complaint = max(errors, key=lambda error: len(error.absolute_path), default=None)
    if complaint is not None:
        place = "/".join(map(str, complaint.absolute_path)) or "as a whole"
        raise ConfigurationError(
            f"{path}, {place}: {complaint.message}.", "docs/loading.md says what a control holds."
        )
    found: dict[str, Any] = content
    return found


@functools.cache
def _schema() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return content


def _control(source: str, said: Mapping[str, Any]) -> Control:
    day = said.get("business_date")
    try:
        return Control(
            source=source,
            records=said.get("record_count"),
            amounts={name: str(value) for name, value in said.get("amounts", {}).items()},
            sha256=said["sha256"].lower() if "sha256" in said else None,
            content_hash=said["content_hash"].lower() if "content_hash" in said else None,
            content_hash_of=sender_hash(source, said.get("content_hash_of")),
            business_date=_date(day) if day else None,
            batch_id=said.get("batch_id"),
            given=dict(said),
        )
    except (ValueError, InvalidOperation) as error:
        raise ConfigurationError(f"{source}: {error}.", "Give a date as YYYY-MM-DD.") from error


def _date(text: str) -> date:
    """A day as YYYY-MM-DD or YYYYMMDD."""
    plain = f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else text
    return date.fromisoformat(plain)
