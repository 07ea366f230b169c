"""The request for a load, and its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from runner.errors import ConfigurationError
from runner.loading.control import Difference


@dataclass(frozen=True)
class LoadRequest:
    """A request for a load.

    Attributes:
        directory: Directory of the files.
        only: Names of the entities to load; all of them if empty.
        workers: Number of parallel processes, 1 or more.
        max_rejects: Largest share of refused records per file, 0 to 1; blank rows do not count.
        force: Load again what was loaded before.
    Raises: ConfigurationError for a number out of bounds.
    """

    directory: Path
    only: tuple[str, ...] = ()
    workers: int = 1
    max_rejects: Decimal = Decimal("0.05")
    force: bool = False

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ConfigurationError(f"--workers is {self.workers}.", "Give 1 or more.")
        if not 0 <= self.max_rejects <= 1:
            raise ConfigurationError(
                f"--max-rejects is {self.max_rejects}.", "Give a share, 0 to 1 or 0% to 100%."
            )


@dataclass(frozen=True)
class LoadedBatch:
    """One file that was loaded, or was loaded before.

    Attributes:
        batch_id: The batch; an earlier one if `is_repeated`.
        file: Path of the file as given.
        file_sha256: Hash of the bytes of the file.
        is_repeated: Whether the file was skipped because its content was loaded before.
        status: LOADED, or HELD if control totals do not match; the current status if `is_repeated`.
        loaded_count: Records in landing.
        rejected_count: Records that could not be read.
        blank_count: Blank rows, which are skipped.
        reasons: Refused records by reason.
        differences: Control totals that do not match.
        extra_columns: Columns of the file that the entity does not have; kept in `_extra`.
        amount_total: Sum of the control amount if a control gives one, else None.
        seconds: Time of the workers from the first segment to the last.
    """

    batch_id: str
    dataset: str
    entity: str
    file: str
    file_sha256: str
    is_repeated: bool
    status: str
    loaded_count: int = 0
    rejected_count: int = 0
    blank_count: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    extra_columns: tuple[str, ...] = ()
    amount_total: Decimal | None = None
    seconds: float = 0.0
