"""Reports and progress for people: Rich on a terminal, plain lines elsewhere.

The only file that imports Rich. Long text is wrapped, never truncated.
"""

import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from runner.dbt.invocation import NodeEvent
from runner.loading.progress import LoadProgress
from runner.report.lines import Line, shortened, visible

STYLES = {
    "good": "bold green",
    "bad": "bold red",
    "warn": "yellow",
    "title": "bold",
    "faint": "cyan",
}
PLAIN_WIDTH = 80
HEARTBEAT_SECONDS = 10.0
FAILED = ("error", "fail")
SKIPPED = "skipped"


def console(stream: TextIO | None = None) -> Console:
    """A console on a stream (stdout without one); colour only on a terminal without NO_COLOR."""
    target = stream or sys.stdout
    made = Console(file=target, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made = Console(
            file=target,
            highlight=False,
            markup=False,
            emoji=False,
            no_color=True,
            width=PLAIN_WIDTH,
        )
    return made


def print_lines(lines: Iterable[Line], stream: TextIO | None = None) -> None:
    """Print a report, wrapped to the terminal; commands are never wrapped or shortened."""
    out = console(stream)
    for line in lines:
        shown = visible(line.text if line.is_verbatim else shortened(line.text))
        text = Text(shown, style=STYLES.get(line.style, ""))
        margin = " " * line.indent
        if line.is_verbatim:
            out.print(Text(margin).append_text(text), soft_wrap=True)
            continue
        for part in text.wrap(out, max(out.width - line.indent, 20), overflow="fold"):
            part.rstrip()
            out.print(Text(margin).append_text(part), soft_wrap=True)


def print_table(columns: list[str], rows: list[list[str]]) -> None:
    """Print a table if it fits the width; else each row as a block of `name: value` lines."""
    out = console()
    rows = [[visible(shortened(cell)) for cell in row] for row in rows]
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) <= out.width:
        for row in [columns, *rows]:
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            style = STYLES["faint"] if row is columns else ""
            out.print(Text(line.rstrip(), style=style), soft_wrap=True)
        return
    for row in rows:
        cells = zip(columns, row, strict=True)
        print_lines(Line(f"{column}: {cell}") for column, cell in cells if cell != "-")
        print_lines([Line()])


@dataclass
class _Stage:
    """Counts of one stage of the pipeline so far."""

    started: int = 0
    finished: int = 0
    failed: int = 0
    skipped: int = 0
    first_at: float = 0.0
    last_at: float = 0.0
    current: str = ""

    @property
    def is_busy(self) -> bool:
        return self.finished < self.started

    def seconds(self) -> float:
        return (time.monotonic() if self.is_busy else self.last_at) - self.first_at


class Progress:
    """Progress on stderr: a live view on a terminal, plain lines elsewhere.

    The line of a stage shows how many of its nodes are done, and its duration. Elsewhere than on a
    terminal these lines are printed at the end of the run, and a progress line every ten seconds.
    """

    def __init__(self) -> None:
        self._console = console(sys.stderr)
        self._stages: dict[str, _Stage] = {}
        self._total = 0
        self._started = time.monotonic()
        self._beat = self._started
        self._lock = threading.Lock()
        self._live: Live | None = None
        self._spinner = Spinner("line")
        self._load: LoadProgress | None = None

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()
        elif self._stages:
            for name, stage in self._stages.items():
                self._console.print(_stage_text(name, stage))
        if self._stages:
            self._console.print()

    def notify(self, message: str) -> None:
        """Show a sentence."""
        self._console.print(Text(visible(message), overflow="fold"))

    def on_event(self, event: NodeEvent) -> None:
        """Note the start or end of a node; called from threads of dbt."""
        with self._lock:
            now = time.monotonic()
            if not self._stages:
                self._started = self._beat = now
            stage = self._stages.setdefault(event.stage, _Stage(first_at=now, last_at=now))
            self._total = max(self._total, event.total)
            stage.last_at = now
            if event.kind == "started":
                stage.started += 1
                stage.current = event.name
            else:
                stage.finished += 1
                stage.failed += event.status in FAILED
                stage.skipped += event.status == SKIPPED
        if self._console.is_terminal:
            self._show_live()
        elif now - self._beat >= HEARTBEAT_SECONDS:
            self._beat = now
            self._console.print(
                f"{self._done()} of {self._total or '?'} done after {now - self._started:.0f} s, "
                f"at {event.name}"
            )

    def on_load(self, progress: LoadProgress) -> None:
        """Note the progress of loading files."""
        now = time.monotonic()
        if self._load is None:
            self._beat = now
        self._load = None if progress.is_finished else progress
        if self._console.is_terminal:
            self._show_live()
        elif now - self._beat >= HEARTBEAT_SECONDS and not progress.is_finished:
            self._beat = now
            self._console.print(_load_text(progress))

    def _done(self) -> int:
        return sum(stage.finished for stage in self._stages.values())

    def _show_live(self) -> None:
        if self._live is None:
            self._live = Live(
                get_renderable=self._view, console=self._console, refresh_per_second=8
            )
            self._live.start()

    def _view(self) -> RenderableType:
        if (load := self._load) is not None:
            bar = Table.grid(padding=(0, 1))
            bar.add_row(ProgressBar(total=1.0, completed=load.share, width=30), _load_text(load))
            return bar
        with self._lock:
            stages = list(self._stages.items())
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=1)
        grid.add_column(overflow="fold")
        for name, stage in stages:
            if stage.is_busy:
                sign: RenderableType = self._spinner
            else:
                sign = Text("!" if stage.failed else "+", style="red" if stage.failed else "green")
            grid.add_row(sign, _stage_text(name, stage))
        done = self._done()
        if not self._total or done >= self._total:
            return grid
        bar = Table.grid(padding=(0, 1))
        bar.add_row(
            ProgressBar(total=self._total, completed=done, width=30),
            Text(f"{done} of {self._total}, {time.monotonic() - self._started:.1f} s"),
        )
        return Group(grid, bar)


def _stage_text(name: str, stage: _Stage) -> Text:
    done = stage.finished - stage.failed - stage.skipped
    failed = f", {stage.failed} failed" if stage.failed else ""
    skipped = f", {stage.skipped} skipped" if stage.skipped else ""
    busy = f", at {stage.current}" if stage.is_busy else ""
    return Text(f"{name:<10} {done:>3} done{failed}{skipped}  {stage.seconds():.1f} s{busy}")


def _load_text(load: LoadProgress) -> Text:
    left = "" if load.seconds_left is None else f", {load.seconds_left:,.0f} s left"
    workers = ", ".join(f"{rows:,}" for rows in load.worker_rows)
    by_worker = f", by worker {workers}" if len(load.worker_rows) > 1 else ""
    file = visible(load.file)
    return Text(f"{file}: {load.rows:,} rows, {load.rows_per_second:,.0f} rows/s{left}{by_worker}")
