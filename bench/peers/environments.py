"""Environments of the peers: a folder each, kept, so that they are installed once."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.workplace import ROOT

HOME = ROOT / ".trustgate" / "peers"
MARK = "installed.txt"


@dataclass(frozen=True)
class Peer:
    """A tool that Trustgate is compared with.

    Attributes:
        name: Its usual name.
        module: Module of this package that runs it, with the tool's own Python.
        requirements: What pip installs, each with its range.
    """

    name: str
    module: str
    requirements: tuple[str, ...]


RELADIFF = Peer(
    "reladiff", "bench.peers.reladiff_process", ("reladiff>=0.6,<0.7", "psycopg2-binary>=2.9,<3")
)
GREAT_EXPECTATIONS = Peer(
    "Great Expectations",
    "bench.peers.great_expectations_process",
    ("great_expectations>=1.3,<2", "sqlalchemy>=2.0,<3", "psycopg2-binary>=2.9,<3"),
)


def python_of(peer: Peer) -> Path | None:
    """The Python of a peer's environment, which is installed where it is missing.

    Returns: None, and prints a sentence, where it cannot be installed.
    """
    folder = HOME / peer.module.rpartition(".")[2].removesuffix("_process")
    python = folder / "bin" / "python"
    wanted = "\n".join(peer.requirements)
    mark = folder / MARK
    if mark.is_file() and mark.read_text() == wanted:
        return python
    print(f"Installing {peer.name} …", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    for command in (
        (sys.executable, "-m", "venv", str(folder)),
        (str(python), "-m", "pip", "install", "--quiet", *peer.requirements),
    ):
        done = subprocess.run(
            command,
            env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
            print(f"{peer.name} is left out, because it cannot be installed here: {lines[-1]}")
            shutil.rmtree(folder, ignore_errors=True)
            return None
    mark.write_text(wanted)
    return python
