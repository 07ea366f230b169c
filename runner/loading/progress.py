"""How far a load has come."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

REPORT_SECONDS = 0.25


@dataclass(frozen=True)
class LoadProgress:
    """A load as it stands.

    Attributes:
        file: The file that is being read, as the directory has it.
        rows: Records written so far.
        share: Of all bytes, 0 to 1; how much packed files unpack to is guessed.
        seconds: Since the load began.
        rows_per_second: Since the load began.
        seconds_left: At this pace, None while nobody can tell.
        worker_rows: Records written so far, by worker.
        is_finished: Whether nothing more comes.
    """

    file: str
    rows: int
    share: float
    seconds: float
    rows_per_second: float
    seconds_left: float | None
    worker_rows: tuple[int, ...]
    is_finished: bool = False


@dataclass(frozen=True)
class Watcher:
    """Who is told how a load goes.

    Attributes:
        tell: Called with a sentence.
        on_load: Called some times a second while files are read.
    """

    tell: Callable[[str], None]
    on_load: Callable[[LoadProgress], None]


class Meter:
    """Counts what workers have done, and tells a watcher now and then.

    Args:
        total_bytes: Of all files, unpacked.
        workers: Their number.
    """

    def __init__(self, watcher: Watcher, total_bytes: float, workers: int) -> None:
        self._watcher = watcher
        self._total = max(total_bytes, 1.0)
        self._rows = [0] * workers
        self._bytes = 0
        self._file = ""
        self._began = self._told = time.monotonic()

    def start(self, file: str) -> None:
        """Reading goes on with this file."""
        self._file = file

    def add(self, worker_id: int, rows: int, size: int) -> None:
        """A worker has written rows that took so many bytes."""
        self._rows[worker_id] += rows
        self._bytes += size
        now = time.monotonic()
        if now - self._told >= REPORT_SECONDS:
            self._told = now
            self._watcher.on_load(self._state(now))

    def end(self) -> None:
        """All is read and written."""
        self._watcher.on_load(self._state(time.monotonic(), is_finished=True))

    def _state(self, now: float, is_finished: bool = False) -> LoadProgress:
        seconds = max(now - self._began, 0.001)
        share = 1.0 if is_finished else min(self._bytes / self._total, 1.0)
        rows = sum(self._rows)
        left = seconds / share - seconds if 0 < share < 1 else None
        return LoadProgress(
            *(self._file, rows, share, seconds, rows / seconds, left, tuple(self._rows)),
            is_finished,
        )
