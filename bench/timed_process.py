"""A program in a process of its own: its wall time, and the memory it took."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from bench.errors import BenchError

LAST_LINES = 20
"""Last lines of a failed program's output that the error shows."""


@dataclass(frozen=True)
class ProcessRun:
    """One program that ran and succeeded.

    Attributes:
        seconds: Wall time from its start to its end.
        processor_seconds: Of the process itself, without the server's.
        peak_bytes: Greatest resident memory of the process.
        output: What it wrote to stdout.
    """

    seconds: float
    processor_seconds: float
    peak_bytes: int
    output: str


def run_process(
    command: Sequence[str], environment: Mapping[str, str], exits: Sequence[int] = (0,)
) -> ProcessRun:
    """Run a program and wait for its end.

    Its output goes to files: with a pipe it would wait for its reader.

    Args:
        exits: Exit codes with which it succeeded.
    Raises: BenchError with its last lines if it exits with another.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )
        # Of this process alone; resource.getrusage returns the greatest of all so far.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        printed, complained = (_text(file) for file in (output, errors))
    if process.returncode not in exits:
        last = "\n".join(f"{printed}\n{complained}".strip().splitlines()[-LAST_LINES:])
        raise BenchError(f"{' '.join(command)} ended with {process.returncode}:\n{last}")
    return ProcessRun(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, printed)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
