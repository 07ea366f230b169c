"""A file's columns held against those of landing, by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.errors import ConfigurationError


@dataclass(frozen=True)
class ColumnMap:
    """Which values of a file's record go where.

    Attributes:
        found: All columns of the file, in its order, called as landing calls those it has.
        columns: Those that landing has, in the file's order.
        extra: The others, in the file's order.
    """

    found: tuple[str, ...]
    columns: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def positions(self) -> tuple[int, ...]:
        """Where `columns` stand in a record, from 0."""
        return tuple(self.found.index(name) for name in self.columns)

    @property
    def extra_positions(self) -> tuple[int, ...]:
        """Where `extra` stand in a record, from 0."""
        return tuple(self.found.index(name) for name in self.extra)


def map_columns(
    path: Path,
    written: Sequence[str],
    wanted: Sequence[str],
    optional: Collection[str],
    mapping: Mapping[str, str],
) -> ColumnMap:
    """Hold a file's columns against landing's; their order is free.

    Args:
        written: Columns as the file calls them.
        wanted: Columns of landing.
        optional: Those among them that the file may lack.
        mapping: Names in the file, and what landing calls these columns.
    Raises: ConfigurationError naming the columns that are missing, empty or given twice, and those
        that differ in case only.
    """
    found = [mapping.get(name, name) for name in written]
    unknown = [name for name in found if name not in wanted]
    by_lower = {name.lower(): name for name in unknown}
    missing, other_case = [], []
    for column in (name for name in wanted if name not in found):
        name = as_written(column, mapping)
        # Landing's own name is taken as well.
        near = [by_lower[one.lower()] for one in (name, column) if one.lower() in by_lower]
        if near:
            other_case.append((near[0], name))
        elif column not in optional:
            missing.append(name)
    complaints = []
    if missing:
        complaints.append(f"missing {', '.join(missing)}")
    if empty := [str(place) for place, name in enumerate(found, start=1) if not name]:
        complaints.append(f"no name at place {', '.join(empty)}")
    if doubled := sorted({name for name in found if name and found.count(name) > 1}):
        complaints.append(f"given twice {', '.join(doubled)}")
    complaints.extend(f"{one} instead of {name}" for one, name in other_case)
    if complaints:
        remedy = f"The file must name, in any order: {_listed(wanted, optional, mapping)}."
        if any(unknown):
            remedy += " What it calls otherwise can be declared as `column_mapping` of the format."
        raise ConfigurationError(f"{path}: wrong columns: {'; '.join(complaints)}.", remedy)
    return ColumnMap(tuple(found), tuple(name for name in found if name in wanted), tuple(unknown))


def as_written(column: str, mapping: Mapping[str, str]) -> str:
    """What files call a column of landing."""
    return next((name for name, mapped in mapping.items() if mapped == column), column)


def _listed(wanted: Sequence[str], optional: Collection[str], mapping: Mapping[str, str]) -> str:
    return ", ".join(
        as_written(name, mapping) + (" (optional)" if name in optional else "") for name in wanted
    )
