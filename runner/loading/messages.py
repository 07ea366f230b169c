"""Messages between the parent of a load and its workers; all picklable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from runner.loading.reading import Reader, Segment
from runner.loading.slices import Slice
from runner.postgres.profiles import Profile
from runner.project import Project


@dataclass(frozen=True)
class Orders:
    """Arguments of a new worker."""

    worker_id: int
    load_id: str
    profile: Profile
    project: Project


@dataclass(frozen=True)
class FileTask:
    """Sent once before the first segment of a file.

    Attributes:
        slice: Table for the records of the file from this worker.
        reader: Reads its segments.
        all_columns: Columns of files for landing.
        amounts: Columns to sum at the end.
        amount_reader: Function in the schema quality that reads them.
    """

    slice: Slice
    reader: Reader
    all_columns: tuple[str, ...]
    amounts: tuple[str, ...]
    amount_reader: str


@dataclass(frozen=True)
class ReadSegment:
    """Read this segment of the file and COPY it."""

    file_number: int
    segment: Segment


@dataclass(frozen=True)
class Finish:
    """No more segments: complete the slices and wait for Commit."""


@dataclass(frozen=True)
class Commit:
    """Commit everything; without this message everything is rolled back."""


@dataclass(frozen=True)
class Counts:
    """Counts of a worker for one file.

    Attributes:
        read: Rows read, including blank and refused ones.
        written, rejected, blank: Of these, by outcome.
        copies: Number of COPY statements.
        reasons: Refused rows by reason.
        extra_columns: Names of columns that landing does not have.
    """

    read: int = 0
    written: int = 0
    rejected: int = 0
    blank: int = 0
    copies: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    extra_columns: frozenset[str] = frozenset()

    def __add__(self, other: Counts) -> Counts:
        reasons = dict(self.reasons)
        for reason, count in other.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + count
        return Counts(
            self.read + other.read,
            self.written + other.written,
            self.rejected + other.rejected,
            self.blank + other.blank,
            self.copies + other.copies,
            reasons,
            self.extra_columns | other.extra_columns,
        )


@dataclass(frozen=True)
class SegmentDone:
    """A worker's answer to ReadSegment."""

    file_number: int
    segment_number: int
    length: int
    counts: Counts
    started_at: datetime
    finished_at: datetime


@dataclass(frozen=True)
class Finished:
    """A worker's answer to Finish: sums by file number and column."""

    amounts: Mapping[int, Mapping[str, Decimal | None]]


@dataclass(frozen=True)
class Committed:
    """A worker's answer to Commit."""


@dataclass(frozen=True)
class Failed:
    """The error of a worker, which has rolled back everything."""

    message: str
    remedy: str
    is_configuration: bool


ToWorker = FileTask | ReadSegment | Finish | Commit
FromWorker = SegmentDone | Finished | Committed | Failed
