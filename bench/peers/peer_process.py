"""A peer in a process of its own: how it is started, and what it answers.

The processes themselves run with the peer's own Python, so nothing here may need more than that.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.errors import BenchError

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Work:
    """What a peer is to do.

    Attributes:
        host: Directory of the server's socket.
        port, user, database: Where the data is.
        tables: The tables it reads, as `schema.table`.
    """

    host: str
    port: int
    user: str
    database: str
    tables: tuple[str, ...]


@dataclass(frozen=True)
class PeerRun:
    """One run of a peer.

    Attributes:
        version: The peer's own.
        import_seconds: Until it could be called.
        seconds: The work, its import not included.
        peak_bytes: Greatest resident memory of the process.
        found: Differing keys, or failing results.
        keyed: How many of them it names by their key.
    """

    version: str
    import_seconds: float
    seconds: float
    peak_bytes: int
    found: int
    keyed: int


def run_peer(python: Path, module: str, work: Work) -> PeerRun:
    """Run a peer on some tables and wait.

    Raises: BenchError with its output if it fails.
    """
    done = subprocess.run(
        [str(python), "-m", module, json.dumps(asdict(work))],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"{module} failed:\n{done.stdout}\n{done.stderr}")
    return PeerRun(**json.loads(done.stdout.splitlines()[-1]))


def answer(
    load: Callable[[], Any], version: str, do: Callable[[Any, Work], tuple[int, int]]
) -> None:
    """Be the peer's process: import it, do the work of this process's argument, print a PeerRun.

    Args:
        load: Imports the peer and returns its module.
        version: Name of its package, whose version is printed.
        do: Does the work; returns what it found, and how many of that with a key.
    """
    from importlib.metadata import version as version_of

    began = time.perf_counter()
    peer = load()
    imported = time.perf_counter()
    given = json.loads(sys.argv[1])
    work = Work(**{**given, "tables": tuple(given["tables"])})
    found, keyed = do(peer, work)
    ended = time.perf_counter()
    done = PeerRun(
        version=version_of(version),
        import_seconds=imported - began,
        seconds=ended - imported,
        peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        found=found,
        keyed=keyed,
    )
    print(json.dumps(asdict(done)))
