"""Figures of interleaved rounds, and the table they are printed in."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

REPEATED = 3
"""How often in a row, within each round, what takes less than a second is measured."""

WRITTEN = "checkpoint"
"""Before what is measured: it does not wait for the disk because of what was measured before it."""


@dataclass
class Figures:
    """Seconds of each thing measured, one figure per round, in the order they were measured."""

    rounds: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, seconds: float) -> None:
        """Keep a figure of this round."""
        self.rounds.setdefault(name, []).append(seconds)

    def note_net(self, name: str, own: Sequence[float], done: Sequence[float]) -> None:
        """Keep what a thing took beyond dbt's own cost, and that cost as `dbt of <name>`.

        Args:
            own, done: Seconds of pairs of runs. Of several in a row the median counts: dbt's own
                cost varies by a fifth of a second, which for small things is much.
        """
        more = [whole - alone for alone, whole in zip(own, done, strict=True)]
        self.note(f"dbt of {name}", statistics.median(own))
        self.note(name, max(statistics.median(more), 0.01))

    def median(self, name: str) -> float:
        """Median over the rounds, seconds."""
        return statistics.median(self.rounds[name])

    def ratio(self, name: str, reference: str) -> tuple[float, float, float]:
        """Least, median and greatest ratio, round by round, of one thing to another."""
        pairs = zip(self.rounds[name], self.rounds[reference], strict=True)
        return _spread([mine / max(theirs, 0.001) for mine, theirs in pairs])

    def difference(self, name: str, reference: str) -> tuple[float, float, float]:
        """Least, median and greatest difference, round by round, of two things, seconds."""
        pairs = zip(self.rounds[name], self.rounds[reference], strict=True)
        return _spread([mine - theirs for mine, theirs in pairs])

    def spread(self, name: str) -> tuple[float, float, float]:
        """Least, median and greatest over the rounds, seconds."""
        return _spread(self.rounds[name])


def _spread(found: list[float]) -> tuple[float, float, float]:
    return min(found), statistics.median(found), max(found)


def seconds_of(work: Callable[[], object], times: int = 1) -> float:
    """Wall time of a piece of work, seconds: the median where it is done several times in a row."""
    return statistics.median(_timed(work) for _ in range(times))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def heading(text: str) -> None:
    """Print a heading."""
    print(f"\n{text}\n{'-' * len(text)}")


def line(name: str, seconds: float, rows: int | None = None, ratio: str = "") -> None:
    """Print one measurement: seconds, rows per second and the ratio to another.

    Args:
        rows: Rows it went through, None where that means nothing.
    """
    per_second = f"{rows / seconds if seconds > 0 else 0.0:>12,.0f} rows/s" if rows else ""
    print(f"{name:<58}{seconds:>8.2f} s {per_second:<19}  {ratio}".rstrip())


def against(
    name: str, found: tuple[float, float, float], allowed: str = "", unit: str = " "
) -> None:
    """Print a ratio, or a figure with a unit, with its range and what it should be.

    Args:
        allowed: The figure to reach, empty where there is none.
    """
    least, middle, greatest = found
    range_of = f"({least:.2f} to {greatest:.2f})"
    goal = f"to reach: {allowed}" if allowed else ""
    print(f"{name:<58}{middle:>8.2f} {unit} {range_of}  {goal}".rstrip())
