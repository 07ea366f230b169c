"""Files that the runner writes beside a project: no link is followed, no other user's file used.

The folder of a project may belong to another user than the one who runs the command, root above
all: a link in it would have root write, or give away, what it points to.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Collection
from pathlib import Path

from runner.errors import OperationalError

PRIVATE_FILE = 0o600


def open_own(path: Path, flags: int, owners: Collection[int] = ()) -> int:
    """Open a file, created for its owner alone; the directory must not be a link either.

    Args:
        flags: Of `os.open`; O_NOFOLLOW is added.
        owners: User ids, other than that of this process, to which the file may belong.
    Returns: A file descriptor.
    Raises: OperationalError if the file or its directory is a link, the file belongs to another
        user, has a second name, or cannot be opened.
    """
    try:
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            descriptor = os.open(
                path.name,
                flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC,
                PRIVATE_FILE,
                dir_fd=directory,
            )
        finally:
            os.close(directory)
    except OSError as error:
        raise _refusal(path, error) from error
    found = os.fstat(descriptor)
    is_ours = found.st_uid in {os.geteuid(), *owners}
    if stat.S_ISREG(found.st_mode) and is_ours and found.st_nlink == 1:
        return descriptor
    os.close(descriptor)
    what = "belongs to another user" if not is_ours else "is no ordinary file of its own"
    raise OperationalError(f"{path} {what}.", "Remove it, or run as its owner.")


def write_own(path: Path, content: str, owner: int | None = None) -> None:
    """Write a file for its owner alone.

    Args:
        owner: User to give the file to; only root can.
    Raises: OperationalError as `open_own`.
    """
    owners = () if owner is None else (owner,)
    with os.fdopen(open_own(path, os.O_WRONLY | os.O_CREAT, owners), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), PRIVATE_FILE)
        if owner is not None and os.geteuid() == 0:
            os.fchown(file.fileno(), owner, -1)
        file.truncate()
        file.write(content)


def read_own(path: Path, owners: Collection[int] = (), start: int = 0) -> bytes:
    """Content of a file from an offset on; empty if it does not exist.

    Raises: OperationalError as `open_own`.
    """
    if not os.path.lexists(path):
        return b""
    with os.fdopen(open_own(path, os.O_RDONLY, owners), "rb") as file:
        file.seek(start)
        return file.read()


def make_directory(path: Path, mode: int = 0o777) -> None:
    """Create a directory and those above it; an existing one must not be a link.

    Raises: OperationalError if it is a link, or cannot be created.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=mode)
        os.close(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW))
    except OSError as error:
        raise _refusal(path, error) from error


def make_private(log: Path) -> None:
    """Create a log file, and let nobody but its owner read it or its predecessors.

    Raises: OperationalError as `open_own`.
    """
    make_directory(log.parent)
    os.close(open_own(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    for file in (log, *log.parent.glob(f"{log.name}.*")):
        descriptor = open_own(file, os.O_RDONLY)
        os.fchmod(descriptor, PRIVATE_FILE)
        os.close(descriptor)


def _refusal(path: Path, error: OSError) -> OperationalError:
    is_link = path.is_symlink() or path.parent.is_symlink()
    if is_link or error.errno in (errno.ELOOP, errno.ENOTDIR):
        where = path if path.is_symlink() or not path.parent.is_symlink() else path.parent
        return OperationalError(
            f"{where} is a symbolic link, which is not followed.", "Remove it and run again."
        )
    return OperationalError(
        f"{path} cannot be written: {error.strerror}.",
        "Run as the user the directory belongs to, or remove it.",
    )
