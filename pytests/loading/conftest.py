"""What the tests of loading share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.postgres.database import connected
from runner.postgres.profiles import Profile
from runner.project import Project

from ..database import Database
from .loader import Loader, drop_schemas, make_schemas, next_namespace


@pytest.fixture
def loader(project_database: Database, tmp_path: Path) -> Iterator[Loader]:
    """Loads files of an empty folder into an empty namespace."""
    project = Project(tmp_path, "trustgate", "trustgate", namespace=next_namespace())
    profile = Profile(
        *(tmp_path, "test", project_database.host, project_database.port),
        *(project_database.user, project_database.name, project_database.password),
    )
    folder = tmp_path / "files"
    folder.mkdir()
    with connected(profile, project) as database:
        make_schemas(database)
        yield Loader(profile, project, database, folder)
        drop_schemas(database)
