"""Where the bench works: a directory with its own PostgreSQL and a copy of the bench project."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from runner.postgres import embedded
from runner.postgres.embedded import Embedded

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Workplace:
    """A directory of the bench's own; everything it makes is in there.

    Attributes:
        home: The directory, absolute; may not exist yet.
    """

    home: Path

    @property
    def embedded(self) -> Embedded:
        return Embedded(self.home)

    @property
    def project(self) -> Path:
        return self.home / "project"

    @property
    def url(self) -> str:
        return self.embedded.url

    def connect(self) -> psycopg.Connection:
        """A session in autocommit mode."""
        return psycopg.connect(self.url, autocommit=True)


@contextmanager
def open_workplace(home: Path, keeps: bool = False) -> Iterator[Workplace]:
    """A workplace with its server running and its project in place.

    Args:
        home: Its directory. What an earlier bench left there is used again.
        keeps: Whether server and data outlive the bench; if not, both are removed.
    """
    place = Workplace(home.resolve())
    embedded.start(place.embedded)
    try:
        copy_project(place)
        yield place
    finally:
        if not keeps:
            embedded.stop(place.embedded)
            shutil.rmtree(place.home)


def copy_project(place: Workplace) -> None:
    """Copy the bench project with its packages, as `dbt deps` would install them, and a profile."""
    shutil.rmtree(place.project, ignore_errors=True)
    shutil.copytree(ROOT / "bench" / "project", place.project)
    packages = place.project / "dbt_packages"
    shutil.copytree(ROOT / "package", packages / "trustgate")
    shutil.copytree(ROOT / "stand_in" / "dbt_expectations", packages / "dbt_expectations")
    write_profile(place, place.project, "trustgate_bench")


def write_profile(place: Workplace, directory: Path, name: str, schema: str = "public") -> None:
    """Write the profiles.yml with which dbt and the runner reach the workplace's server.

    Args:
        directory: Where to write it, a project's folder.
        name: The profile the project asks for.
        schema: The schema of models that name none, and before those that do.
    """
    (directory / "profiles.yml").write_text(
        f"""\
{name}:
  target: bench
  outputs:
    bench:
      type: postgres
      host: {json.dumps(str(place.embedded.socket_directory))}
      port: {embedded.PORT}
      user: {embedded.USER}
      password: ""
      dbname: {embedded.DATABASE}
      schema: {schema}
      threads: 4
"""
    )
