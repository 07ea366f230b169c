"""Every damaged file, loaded for real: what reading says of it is what lands, and all adds up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from runner.errors import RunnerError
from runner.loading.entities import Entity
from runner.loading.model import LoadedBatch
from runner.loading.reading import FileFormat
from runner.loading.reading.escaping import unescaped
from runner.postgres.database import connected
from runner.postgres.profiles import Profile
from runner.project import Project

from ..database import Database
from ..loading.loader import PROVENANCE, Loader, drop_schemas, make_schemas, next_namespace
from .catalogue import COLUMNS, DAMAGED, Damaged

READABLE = [damaged for damaged in DAMAGED if damaged.error is None]
REFUSED = [damaged for damaged in DAMAGED if damaged.error is not None]


@dataclass(frozen=True)
class DamagedEntity(Entity):
    """An entity whose files are written as one of the collection says."""

    file_format: FileFormat = field(default_factory=FileFormat)

    def format_of(self, path: Path) -> FileFormat:
        return self.file_format


def entity_of(damaged: Damaged) -> DamagedEntity:
    return DamagedEntity(damaged.name, COLUMNS, file_format=damaged.file_format)


@pytest.fixture(scope="module")
def loader(
    project_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loader]:
    """Where each damaged file has an entity, and a landing, of its own."""
    root = tmp_path_factory.mktemp("damaged")
    project = Project(root, "trustgate", "trustgate", namespace=next_namespace())
    profile = Profile(
        *(root, "test", project_database.host, project_database.port),
        *(project_database.user, project_database.name, project_database.password),
    )
    with connected(profile, project) as database:
        make_schemas(database)
        columns = ", ".join(f"{column} text" for column in COLUMNS)
        made = Loader(profile, project, database, root / "files")
        for damaged in DAMAGED:
            made.rows(
                f"create table landing.{damaged.name} ({PROVENANCE}, {columns}, _extra jsonb)"
            )
        yield made
        drop_schemas(database)


@pytest.fixture(scope="module")
def batches(loader: Loader) -> dict[str, LoadedBatch]:
    """All files that can be read, in one load of two workers."""
    loader.entities = [entity_of(damaged) for damaged in READABLE]
    found = loader.load(
        {f"{damaged.name}/{damaged.file_name}": damaged.content for damaged in READABLE},
        workers=2,
        max_rejects=1,
        force=True,
    )
    return {batch.entity: batch for batch in found}


@pytest.mark.parametrize("damaged", READABLE, ids=lambda damaged: damaged.name)
def test_a_damaged_file_lands_as_documented(
    damaged: Damaged, loader: Loader, batches: dict[str, LoadedBatch]
) -> None:
    batch = batches[damaged.name]
    landed = loader.rows(
        f"select {', '.join(COLUMNS)} from landing.{damaged.name} order by _row_number"
    )
    assert landed == list(damaged.records)
    rejects = loader.rows(
        "select row_number, reason, raw_line from quality.rejects where batch_id = %s order by 1",
        [batch.batch_id],
    )
    assert [row[:2] for row in rejects] == list(damaged.rejects)
    assert all(unescaped(row[2]) is not None for row in rejects)
    counts = (len(damaged.records), len(damaged.rejects), damaged.blank_count)
    assert (batch.loaded_count, batch.rejected_count, batch.blank_count) == counts
    sums = loader.rows(
        "select sum(records_written) as written, sum(records_rejected) as rejected,"
        " sum(records_blank) as blank, sum(records_read) as read"
        " from quality.batch_workers where batch_id = %s",
        [batch.batch_id],
    )
    assert sums == [(*counts, sum(counts))]


@pytest.mark.parametrize("damaged", REFUSED, ids=lambda damaged: damaged.name)
def test_a_file_that_is_refused_as_a_whole_leaves_nothing(
    damaged: Damaged, loader: Loader, tmp_path: Path
) -> None:
    before = loader.slices()
    loader.folder, loader.entities = tmp_path, [entity_of(damaged)]
    with pytest.raises(RunnerError) as caught:
        loader.load({f"{damaged.name}/{damaged.file_name}": damaged.content}, max_rejects=1)
    assert damaged.error is not None
    assert damaged.error in caught.value.message
    assert caught.value.remedy
    assert loader.rows(f"select 1 as found from landing.{damaged.name}") == []
    assert loader.slices() == before
