"""The account that PostgreSQL runs as if the runner is root, which PostgreSQL refuses to be."""

import contextlib
import os
import pwd
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from runner.errors import OperationalError

CREATED = "embedded_postgres"
LAST_RESORT = "nobody"


@dataclass(frozen=True)
class Account:
    """An ordinary account of the system."""

    name: str
    user_id: int
    group_id: int


def find_account(data: Path, project: Path) -> Account | None:
    """The account to run PostgreSQL as; None if this process is not root.

    The owner of the data, else of the project (so that its owner can still use the checkout), else
    an account created for the purpose, else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    for path in (data, project):
        with contextlib.suppress(FileNotFoundError, KeyError):
            owner = path.stat().st_uid
            if owner != 0:
                return _account(pwd.getpwuid(owner))
    with contextlib.suppress(KeyError):
        return _account(pwd.getpwnam(CREATED))
    with contextlib.suppress(OSError, subprocess.CalledProcessError, KeyError):
        subprocess.run(
            ["useradd", "--system", "--shell", "/bin/false", CREATED],
            check=True,
            capture_output=True,
        )
        return _account(pwd.getpwnam(CREATED))
    with contextlib.suppress(KeyError):
        return _account(pwd.getpwnam(LAST_RESORT))
    raise OperationalError(
        "PostgreSQL does not run as root, and there is no other account to run it as.",
        "Run as an ordinary user.",
    )


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def let_through(account: Account | None, program: Path, home: Path) -> None:
    """Grant the account the missing rights to reach the program and the home, with a message.

    Nothing is done if this process is not root, or no right is missing.
    """
    if account is None:
        return
    places = (*program.parents, *program.resolve().parents, home, *home.parents)
    for directory in dict.fromkeys((*places, *home.parent.resolve().parents)):
        _allow(account, directory, stat.S_IXOTH)
    if not _may(account, program, stat.S_IROTH | stat.S_IXOTH):
        installation = program.parent.parent
        for folder, _, files in os.walk(installation):
            _allow(account, Path(folder), stat.S_IROTH | stat.S_IXOTH, quiet=True)
            for file in files:
                path = Path(folder) / file
                executable = path.stat().st_mode & stat.S_IXUSR
                wanted = stat.S_IROTH | (stat.S_IXOTH if executable else 0)
                _allow(account, path, wanted, quiet=True)


def _may(account: Account, path: Path, wanted: int) -> bool:
    """Whether the account has the rights `wanted`, given as the bits for others."""
    found = path.stat()
    if found.st_uid == account.user_id:
        wanted <<= 6
    elif found.st_gid == account.group_id:
        wanted <<= 3
    return found.st_mode & wanted == wanted


def _allow(account: Account, path: Path, wanted: int, quiet: bool = False) -> None:
    if _may(account, path, wanted):
        return
    if path.is_symlink():
        return  # has no rights of its own
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) | wanted)
    os.close(descriptor)
    if not quiet:
        print(
            f"Other users can now pass through {path}: PostgreSQL does not run as root, so it runs "
            f"as {account.name}.",
            file=sys.stderr,
        )
