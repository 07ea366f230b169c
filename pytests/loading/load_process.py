"""A load in a process of its own, so that tests can kill it: `python -m … HOST PORT …`."""

from __future__ import annotations

import sys
from pathlib import Path

from runner.errors import RunnerError
from runner.loading.load import load
from runner.loading.model import LoadRequest
from runner.loading.progress import Watcher
from runner.postgres.database import connected
from runner.postgres.profiles import Profile
from runner.project import Project

from .loader import PARTS, THINGS


def main() -> int:
    """Exit code as the runner's; the error's words on stderr."""
    host, port, user, password, name, namespace, folder, workers = sys.argv[1:]
    profile = Profile(Path(folder), "test", host, int(port), user, name, password)
    project = Project(Path(folder), "trustgate", "trustgate", namespace=namespace)
    try:
        with connected(profile, project) as database:
            load(
                *(database, profile, "shop", [THINGS, PARTS]),
                LoadRequest(Path(folder), workers=int(workers)),
                Watcher(lambda _words: None, lambda _progress: None),
            )
    except RunnerError as error:
        print(error.message, file=sys.stderr)
        return int(error.exit_code)
    return 0


if __name__ == "__main__":
    sys.exit(main())
