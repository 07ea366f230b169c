"""The progress of a load."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

REPORT_SECONDS = 0.25


@dataclass(frozen=True)
class LoadProgress:
    """The state of a load.

    Attributes:
        file: The file that is being read.
        rows: Records written so far.
        share: Share of all bytes, 0 to 1; unpacked sizes are estimates.
        seconds: Time since the load began.
        rows_per_second: Average since the load began.
        seconds_left: Estimate, None while unknown.
        worker_rows: Records written so far, by worker.
        is_finished: Whether the load is complete.
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
    """Callbacks that show the progress of a load.

    Attributes:
        notify: Called with a sentence.
        on_load: Called a few times a second while files are read.
    """

    notify: Callable[[str], None]
    on_load: Callable[[LoadProgress], None]


class Meter:
    """Counts the work of the workers, and calls the watcher from time to time.

    Args:
        total_bytes: Unpacked size of all files.
        workers: Number of workers.
    """

    def __init__(self, watcher: Watcher, total_bytes: float, workers: int) -> None:
        self._watcher = watcher
        self._total = max(total_bytes, 1.0)
        self._rows = [0] * workers
        self._bytes = 0
        self._file = ""
        self._began = self._told = time.monotonic()

    def start(self, file: str) -> None:
        """Note that this file is read next."""
        self._file = file

    def add(self, worker_id: int, rows: int, size: int) -> None:
        """Add the rows of a worker, and their size in bytes."""
        self._rows[worker_id] += rows
        self._bytes += size
        now = time.monotonic()
        if now - self._told >= REPORT_SECONDS:
            self._told = now
            self._watcher.on_load(self._state(now))

    def end(self) -> None:
        """Note that everything is read and written."""
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
