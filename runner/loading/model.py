"""What a load is asked to do, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from runner.errors import ConfigurationError
from runner.loading.control import Difference


@dataclass(frozen=True)
class LoadRequest:
    """What is to be loaded, and how.

    Attributes:
        directory: Where the files are.
        only: Names of the entities to load; all of them if empty.
        workers: Processes that read and write, 1 or more.
        max_rejects: Share of a file's records, blank rows left out, that may be refused, 0 to 1.
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
    """One file as it was loaded, or was found loaded already.

    Attributes:
        batch_id: The batch, an earlier one if `is_repeated`.
        file: The file's path as given.
        file_sha256: Of the file's bytes.
        is_repeated: Whether the same content was loaded before and so was skipped.
        status: LOADED, or HELD where it is not what was said; of a repeated one the status it has.
        loaded_count: Records in landing.
        rejected_count: Records that could not be read.
        blank_count: Wholly blank rows, which are left out.
        reasons: Refused records by reason.
        differences: Between what was said and what arrived.
        extra_columns: Columns of the file that the entity does not have; kept in `_extra`.
        amount_total: Sum of the control amount where a control says one, else None.
        seconds: Time its workers took, from the first segment to the last.
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
