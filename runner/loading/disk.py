"""Check the free disk space of the server before a load, if the server is on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from runner.errors import OperationalError
from runner.postgres.database import Database
from runner.postgres.profiles import Profile

LANDING_FACTOR = 2.0
"""Bytes of landing and write-ahead log per byte of a plain file."""
RUN_FACTOR = 6.0
"""Bytes of all layers after a run per byte of a plain file."""
PACKED_FACTOR = 8.0
"""Estimated ratio of unpacked to packed size."""


def check_space(
    database: Database, profile: Profile, files: Sequence[Path], notify: Callable[[str], None]
) -> None:
    """Refuse a load that the disk has no room for, and warn if the next run may not have room.

    Only for a server on this machine that shows its data directory.

    Args:
        notify: Called with a sentence if the run after this load may not have room.
    Raises: OperationalError if landing does not fit on the disk.
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
        raise OperationalError(
            f"The database's disk has {_size(free)} free, and this load needs about "
            f"{_size(plain * LANDING_FACTOR)}; nothing was loaded.",
            f"Free some space where {directory} is, or load fewer files at a time.",
        )
    if free < plain * RUN_FACTOR:
        notify(
            f"The database's disk has {_size(free)} free; this load and the run after it need "
            f"about {_size(plain * RUN_FACTOR)}."
        )


def data_directory(database: Database, profile: Profile) -> Path | None:
    """Data directory of the server, None if it is on another machine or not shown."""
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
    """Estimated unpacked size of a file in bytes."""
    is_packed = path.suffix.lower() in (".gz", ".zst", ".zstd", ".parquet")
    return path.stat().st_size * (PACKED_FACTOR if is_packed else 1.0)


def _size(size: float) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"
