"""The proposal of a new entity: its files, and the change of the registry."""

from __future__ import annotations

import contextlib
import difflib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from runner.dbt.declarations import DeclaredModel, chosen_entity, entity_models
from runner.dbt.invocation import Dbt
from runner.errors import ConfigurationError, OperationalError
from runner.loading.files import is_called_after
from runner.loading.intake import ensure_functions
from runner.postgres.database import Database
from runner.project import Project
from runner.scaffolding.column_types import Column, Parent, control_amount, suggested_columns
from runner.scaffolding.naming import check_entity_name, column_names, singular
from runner.scaffolding.readings import read, values_of
from runner.scaffolding.registry_edit import lines_to_add, registered
from runner.scaffolding.rendering import NewEntity, file_names, files_of
from runner.scaffolding.sample import Sample, format_of, read_sample
from runner.scaffolding.starting_rules import suggested_rules

PROJECT_FILE = "dbt_project.yml"


@dataclass(frozen=True)
class Request:
    """A request for a new entity.

    Attributes:
        name: Name of the entity.
        path: A file with records of it.
        keys: Columns that identify a record, by name in the file or in SQL.
        version: The column that orders the versions of a record; None for none.
        parents: Entities that each record belongs to.
        format: Format of its files, as `meta: format`; empty if their names are enough.
    """

    name: str
    path: Path
    keys: tuple[str, ...]
    version: str | None
    parents: tuple[str, ...]
    format: Mapping[str, Any]


@dataclass(frozen=True)
class Proposal:
    """The proposed files and changes.

    Attributes:
        entity: The declared entity.
        sample: The sample it is derived from.
        files: Texts of new files by their path in the project.
        registry: The text of dbt_project.yml before and after; the same if it has to be edited by
            hand.
        to_add: Lines to add to dbt_project.yml by hand; empty if `registry` has them.
        notes: Sentences about what to check.
    """

    entity: NewEntity
    sample: Sample
    files: Mapping[str, str]
    registry: tuple[str, str]
    to_add: str
    notes: tuple[str, ...]

    @property
    def diff(self) -> str:
        """All of it as a unified diff."""
        pairs = [*((path, "", text) for path, text in self.files.items())]
        pairs.append((PROJECT_FILE, *self.registry))
        return "".join(line for pair in pairs for line in _unified(*pair))


def _unified(path: str, before: str, after: str) -> Iterator[str]:
    old = f"a/{path}" if before else "/dev/null"
    was, will_be = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for line in difflib.unified_diff(was, will_be, old, f"b/{path}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def propose(project: Project, database: Database, dbt: Dbt, request: Request) -> Proposal:
    """Propose a new entity from a sample.

    Raises: ConfigurationError for a name that is invalid or in use, a file that cannot be read, a
        column that the file does not have, or an unknown parent.
    """
    reserved = _reserved_words(database)
    check_entity_name(request.name, reserved)
    folder = f"{project.model_paths[0]}/{request.name}"
    _refuse_taken(project, request.name)
    file_format = format_of(request.path, request.format)
    sample = read_sample(request.path, file_format)
    mapping = dict(file_format.column_mapping)
    names = _names(sample, mapping, request, reserved)
    keys = tuple(_column_of(key, names, request.path, "--key") for key in request.keys)
    version = request.version and _column_of(request.version, names, request.path, "--version")
    parents = _parents(dbt, request, list(names.values())) if request.parents else ()
    ensure_functions(database, dbt)
    columns = suggested_columns(names, values_of(sample), keys, parents, partial(read, database))
    entity = NewEntity(
        name=request.name,
        keys=keys,
        version=version,
        parents=parents,
        columns=tuple(columns),
        rules=tuple(suggested_rules(request.name, columns, keys, version, parents)),
        format=_format(request.format, names, mapping),
        amount=control_amount(columns),
    )
    text = _project_text(project)
    edited = registered(text, request.name)
    return Proposal(
        entity=entity,
        sample=sample,
        files={f"{folder}/{name}": content for name, content in files_of(entity).items()},
        registry=(text, text if edited is None else edited),
        to_add=lines_to_add(request.name) if edited is None else "",
        notes=tuple(_notes(entity, sample, request, text)),
    )


def _reserved_words(database: Database) -> set[str]:
    """Words that the server reserves, so that a column cannot have such a name."""
    found = database.rows("select word from pg_get_keywords() where catcode in ('R', 'T')")
    return {row["word"] for row in found}


def _refuse_taken(project: Project, name: str) -> None:
    """Refuse an entity that is registered, or has an existing file or model.

    Raises: ConfigurationError with the entity, file or model.
    """
    if name in project.entities or name in project.candidates:
        raise ConfigurationError(
            f"Entity {name} is registered already, in {project.root / PROJECT_FILE}.",
            "Choose another name, or take it out of the registry first.",
        )
    folders = [project.root / folder for folder in project.model_paths]
    if (there := folders[0] / name).is_file():
        raise ConfigurationError(f"{there.relative_to(project.root)} is a file.", "Move it away.")
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.name in file_names(name):
            raise ConfigurationError(
                f"{path.relative_to(project.root)} is there already.",
                "Nothing is ever overwritten: choose another name, or move it away first.",
            )


def _names(
    sample: Sample, mapping: Mapping[str, str], request: Request, reserved: set[str]
) -> dict[str, str]:
    """Names of the columns in the file, and in SQL."""
    mapped = [mapping.get(column, column) for column in sample.columns]
    found = column_names(mapped, singular(request.name), reserved)
    return dict(zip(sample.columns, found, strict=True))


def _column_of(given: str, names: Mapping[str, str], path: Path, option: str) -> str:
    """Name in SQL of a column that an option names.

    Raises: ConfigurationError if the file has none.
    """
    if given in names.values():
        return given
    if given not in names:
        raise ConfigurationError(
            f"{path} has no column {given}, which {option} names.", f"It has {', '.join(names)}."
        )
    return names[given]


def _parents(dbt: Dbt, request: Request, columns: Sequence[str]) -> tuple[Parent, ...]:
    """The parents, each with the column that refers to it.

    Raises: ConfigurationError for an unknown one, or one whose key the file does not have.
    """
    models: dict[str, DeclaredModel] = {model.name: model for model in dbt.models()}
    entities = entity_models(models.values())
    found = []
    for name in dict.fromkeys(request.parents):
        key = chosen_entity(entities, name).key
        if len(key) != 1 or key[0] not in columns:
            why = (
                f"{request.path} has no column {key[0]}, the key of {name}"
                if len(key) == 1
                else f"The key of {name} is {', '.join(key)}, and a rule looks up one column"
            )
            raise ConfigurationError(
                f"{why}: nothing says which of them a record belongs to.",
                "Leave --parent out, and declare a join and a rule yourself: docs/rules.md.",
            )
        found.append(Parent(name, key[0], models[f"base_{name}"].types.get(key[0], "text")))
    return tuple(found)


def _format(
    declared: Mapping[str, Any], names: Mapping[str, str], mapping: Mapping[str, str]
) -> dict[str, Any]:
    """`meta: format` with the names that columns of the file have in SQL, where they differ.

    Raises: ConfigurationError if the declaration maps a column to an invalid name.
    """
    renamed = {written: name for written, name in names.items() if written != name}
    if renamed == mapping:
        return dict(declared)
    if declared.get("layout") or declared.get("columns"):
        name = next(iter(renamed))
        raise ConfigurationError(
            f"{name!r} of the format cannot be a column of the entity.",
            f"Use another name there, such as {renamed[name]}.",
        )
    return {**declared, "column_mapping": renamed}


def _project_text(project: Project) -> str:
    """dbt_project.yml, line ends as they are."""
    return (project.root / PROJECT_FILE).read_bytes().decode("utf-8")


def _notes(entity: NewEntity, sample: Sample, request: Request, text: str) -> Iterator[str]:
    """Notes for a user who knows the data."""
    if sample.refused:
        yield f"{sample.refused:,} records of the sample cannot be read: {sample.reason}."
    for column in entity.columns:
        yield from _notes_on(column)
    if repeated := _repeated(entity, sample):
        yield (
            f"{repeated:,} keys come more than once, and without --version the record that was"
            " loaded last is the latest."
        )
    if not is_called_after(request.path, entity.name):
        yield (
            f"A load takes files called after their entity, such as {entity.name}.csv or"
            f" {entity.name}-2026-11-20.csv; {request.path.name} is not."
        )
    if "open_run" not in text:
        yield f"{PROJECT_FILE} lacks what Trustgate needs to run: docs/package.md lists it."


def _notes_on(column: Column) -> Iterator[str]:
    filled = column.values.filled
    if column.unreadable:
        yield (
            f"{column.name}: {column.unreadable:,} of {filled:,} values cannot be read as"
            f" {column.type}, such as {column.example!r}."
        )
    if column.may_be is not None:
        declared = column.may_be.declared
        other = "decimal_mark ','" if "decimal_mark" in declared else "timestamp_formats [iso, eu]"
        read = "with a decimal point" if "decimal_mark" in declared else "as M/D/YYYY"
        yield (
            f"{column.name}: the values are read {read}; with {other} they read as well. Declare it"
            " under `formats` if the sender writes so."
        )
    if not filled:
        yield f"{column.name}: no record of the sample has a value, so it is text."


def _repeated(entity: NewEntity, sample: Sample) -> int:
    """Number of keys with several records in the sample, if no version orders them."""
    if entity.version is not None:
        return 0
    written = [column.written for column in entity.columns if column.name in entity.keys]
    counts = Counter(tuple(record.get(name) for name in written) for record in sample.records)
    return sum(1 for count in counts.values() if count > 1)


def write(project: Project, proposal: Proposal) -> None:
    """Write a proposal, all of it or nothing.

    Raises: ConfigurationError if a file exists by now, or dbt_project.yml was changed meanwhile;
        OperationalError if writing fails.
    """
    written: list[Path] = []
    try:
        for name, text in proposal.files.items():
            path = project.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="") as file:
                written.append(path)
                file.write(text)
        _write_registry(project, *proposal.registry)
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (project.root / next(iter(proposal.files))).parent.rmdir()
        if isinstance(error, FileExistsError):
            raise ConfigurationError(
                f"{Path(error.filename).relative_to(project.root)} is there already.",
                "Nothing was written.",
            ) from error
        if isinstance(error, OSError):
            raise OperationalError(
                f"{error.filename} cannot be written: {error.strerror}.", "Nothing was written."
            ) from error
        raise


def _write_registry(project: Project, before: str, after: str) -> None:
    if before == after:
        return
    path = (project.root / PROJECT_FILE).resolve()
    if _project_text(project) != before:
        raise ConfigurationError(f"{path} was changed meanwhile.", "Give the command again.")
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=path.parent, delete=False
    ) as file:
        file.write(after)
    try:
        shutil.copymode(path, file.name)
        Path(file.name).replace(path)
    except BaseException:
        Path(file.name).unlink(missing_ok=True)
        raise
