"""Whether the server's disk has room for a load, as far as that can be seen from here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from runner.errors import TroubleError
from runner.postgres.database import Database
from runner.postgres.profiles import Profile

LANDING_FACTOR = 2.0
"""Bytes of landing and of the log that is written before them, to a byte of a plain file."""
RUN_FACTOR = 6.0
"""Bytes of all layers after a run, to a byte of a plain file."""
PACKED_FACTOR = 8.0
"""A packed file unpacks to about that much."""


def check_space(
    database: Database, profile: Profile, files: Sequence[Path], tell: Callable[[str], None]
) -> None:
    """Say what disk space a load needs where it may not be there.

    Only a server on this machine can be asked, and only if it says where its data is.

    Args:
        tell: Called with a sentence if the run after this load may not have room.
    Raises: TroubleError if landing would not have room.
    """
    directory = data_directory(database, profile)
    if directory is None:
        return
    plain = sum(plain_bytes(path) for path in files)
    try:
        free = shutil.disk_usage(directory).free
    except OSError:
        return
    if free < plain * LANDING_FACTOR:
        raise TroubleError(
            f"The database's disk has {_size(free)} free, and this load needs about "
            f"{_size(plain * LANDING_FACTOR)}; nothing was loaded.",
            f"Free some space where {directory} is, or load fewer files at a time.",
        )
    if free < plain * RUN_FACTOR:
        tell(
            f"The database's disk has {_size(free)} free; this load and the run after it need "
            f"about {_size(plain * RUN_FACTOR)}."
        )


def data_directory(database: Database, profile: Profile) -> Path | None:
    """Where the server keeps its data, None where that is not on this machine or not told."""
    if not profile.host.startswith("/"):
        return None
    found = database.row(
        "select case when pg_has_role('pg_read_all_settings', 'usage')"
        " then current_setting('data_directory') end as directory"
    )
    directory = Path(found["directory"]) if found and found["directory"] else None
    try:
        return directory if directory is not None and directory.is_dir() else None
    except OSError:
        return None


def plain_bytes(path: Path) -> float:
    """Bytes a file has unpacked, about."""
    is_packed = path.suffix.lower() in (".gz", ".zst", ".zstd", ".parquet")
    return path.stat().st_size * (PACKED_FACTOR if is_packed else 1.0)


def _size(size: float) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"
