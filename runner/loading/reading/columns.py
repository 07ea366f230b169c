"""Columns of a file compared with those of landing, by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from runner.errors import ConfigurationError
from runner.loading.reading.names import bare, composed

MOST_SHOWN: Final = 30
LONGEST_SHOWN: Final = 60


@dataclass(frozen=True)
class ColumnMap:
    """Mapping of the columns of a file to those of landing.

    Attributes:
        found: All columns of the file in its order, with the names of landing where it has them.
        columns: Columns that landing has, in the order of the file.
        extra: The others, in the order of the file.
    """

    found: tuple[str, ...]
    columns: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def positions(self) -> tuple[int, ...]:
        """Positions of `columns` in a record, from 0."""
        return tuple(self.found.index(name) for name in self.columns)

    @property
    def extra_positions(self) -> tuple[int, ...]:
        """Positions of `extra` in a record, from 0."""
        return tuple(self.found.index(name) for name in self.extra)


def map_columns(
    path: Path,
    written: Sequence[str],
    wanted: Sequence[str],
    optional: Collection[str],
    mapping: Mapping[str, str],
) -> ColumnMap:
    """Compare the columns of a file with those of landing, in any order.

    Args:
        written: Names of the columns in the file.
        wanted: Columns of landing.
        optional: Columns of landing that the file may lack.
        mapping: Names in the file, each with its column of landing.
    Names are compared in normal form C.

    Raises: ConfigurationError with the columns that are missing, empty, repeated, or different only
        in case, white space or characters that nobody sees.
    """
    places = landing_names(wanted, mapping)
    found = [places.get(composed(name), name) for name in written]
    unknown = [name for name in found if name not in wanted]
    by_look = {bare(name): name for name in unknown if bare(name)}
    missing, other_look = [], []
    for column in (name for name in wanted if name not in found):
        name = as_written(column, mapping)
        # The name in landing is accepted as well.
        near = [by_look[bare(one)] for one in (name, column) if bare(one) in by_look]
        if near:
            other_look.append((near[0], name))
        elif column not in optional:
            missing.append(name)
    complaints = []
    if missing:
        complaints.append(f"missing {', '.join(missing)}")
    if empty := [str(place) for place, name in enumerate(found, start=1) if not name]:
        complaints.append(f"no name at place {', '.join(empty)}")
    if doubled := sorted({name for name in found if name and found.count(name) > 1}):
        complaints.append(f"given twice {', '.join(doubled)}")
    complaints.extend(f"{one} instead of {name}" for one, name in other_look)
    if complaints:
        remedy = (
            f"The file must name, in any order: {_listed(wanted, optional, mapping)}. "
            f"It names {_shown(written)}."
        )
        if any(unknown):
            remedy += " Other names can be declared as `column_mapping` of the format."
        raise ConfigurationError(f"{path}: wrong columns: {'; '.join(complaints)}.", remedy)
    return ColumnMap(tuple(found), tuple(name for name in found if name in wanted), tuple(unknown))


def landing_names(wanted: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Names of columns in files, in normal form C, each with its column of landing."""
    own = {composed(name): name for name in wanted}
    return own | {composed(name): column for name, column in mapping.items()}


def as_written(column: str, mapping: Mapping[str, str]) -> str:
    """Names of a column of landing in files."""
    return next((name for name, mapped in mapping.items() if mapped == column), column)


def _shown(names: Sequence[str]) -> str:
    """The first names of a file."""
    more = f" and {len(names) - MOST_SHOWN:,} more" if len(names) > MOST_SHOWN else ""
    return ", ".join(name[:LONGEST_SHOWN] or "(no name)" for name in names[:MOST_SHOWN]) + more


def _listed(wanted: Sequence[str], optional: Collection[str], mapping: Mapping[str, str]) -> str:
    return ", ".join(
        as_written(name, mapping) + (" (optional)" if name in optional else "") for name in wanted
    )
