"""Detect whether anything is new since the last run: code, batches, work of users, due attempts."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.dbt.invocation import Dbt
from runner.postgres.database import BOOKKEEPING_VERSION, Database
from runner.project import Project

PROJECT_FILES = ("dbt_project.yml", "packages.yml", "dependencies.yml", "selectors.yml")
PROJECT_PATHS = {
    "model-paths": "models",
    "macro-paths": "macros",
    "seed-paths": "seeds",
    "snapshot-paths": "snapshots",
    "test-paths": "tests",
    "packages-install-path": "dbt_packages",
}
"""Settings of dbt_project.yml with folders, and the default of each."""
ENVIRONMENT = re.compile(rb"env_var\(\s*['\"]([A-Za-z0-9_]+)['\"]")
OF_EACH_RUN = ("TRUSTGATE_DATASET", "DATA_DIR")
"""Variables with the name of the dataset, which is compared separately."""

DELIVERED = """
    with
    batches as (
        select md5(
            string_agg(concat_ws(':', batch_id, status, loaded_count), ',' order by batch_id)
        ) as state
        from {quality.batches}
        where status not in ('LOADING', 'FAILED')
    ),
    corrections as (
        select concat_ws(':', count(*), max(corrected_at), max(reverted_at)) as state
        from {quality.corrections}
    ),
    requests as (
        select concat_ws(':', count(*), max(requested_at)) as state
        from {quality.reprocess_requests}
    ),
    suppressions as (
        select concat_ws(':', count(*), max(created_at), max(revoked_at)) as state
        from {quality.suppressions}
    ),
    work as (
        select concat_ws(':', count(*), sum(version), max(updated_at)) as state
        from {quality.exception_work}
    ),
    alterations as (
        select max(alteration_id) as state from {quality.alterations}
    )
    select concat_ws(
        '/', batches.state, corrections.state, requests.state, suppressions.state, work.state,
        alterations.state
    ) as delivered
    from batches, corrections, requests, suppressions, work, alterations
"""
"""State of the relations that users and loads write, but runs do not."""

LAST_RUN = """
    select
        run_id, dataset, status, inputs_hash, tests_ok,
        next_attempt_at is null or next_attempt_at > now() as is_quiet
    from {quality.pipeline_runs} order by started_at desc limit 1
"""

NOTED = """
    update {quality.pipeline_runs}
    set
        inputs_hash = %(inputs)s,
        next_attempt_at = (
            select case when bool_or(is_beyond_cap) then now() else min(next_retry_at) end
            from {quality.exceptions} where is_standing
        )
    where run_id = %(run)s
"""

UNCHANGED = """
    insert into {quality.pipeline_runs} (
        run_id, command, dataset, target, status, tests_ok, dq_ok, recon_ok, mismatch_count,
        failing_metric_count, open_exception_count, recovered_count, git_sha, invoked_by,
        dbt_version, started_at, finished_at, is_deep, inputs_hash, next_attempt_at
    )
    select
        %(run)s, command, dataset, target, %(status)s, tests_ok, gate.dq_ok, gate.recon_ok,
        mismatch_count, failing_metric_count, gate.open_exception_count, 0, %(git)s, 'runner',
        dbt_version, %(started)s, clock_timestamp(), false, inputs_hash, next_attempt_at
    from {quality.pipeline_runs} as last
    cross join (
        select
            bool_and(is_open) filter (where kind in ('rule', 'entity')) as dq_ok,
            bool_and(is_open) filter (where kind = 'reconciliation') as recon_ok,
            (
                select count(*) from {quality.open_exceptions} where dataset = %(dataset)s
            ) as open_exception_count
        from jsonb_to_recordset(%(checks)s::jsonb) as checks (kind text, is_open boolean)
    ) as gate
    where last.run_id = %(last)s
"""

KEPT = "select {quality.keep_figures}(%(run)s, %(dataset)s, %(checks)s::jsonb)"

SKIPPED = """
    insert into {quality.pipeline_steps} (run_id, node_id, status, message, started_at, finished_at)
    values (%(run)s, 'runner.nothing_new', 'skipped', %(message)s, %(started)s, clock_timestamp())
"""


@dataclass(frozen=True)
class News:
    """The inputs of a run, compared with those of the last run.

    Attributes:
        inputs_hash: Hash of the files of the project, and of what loads and users have written.
        last_run: The last run, if it had the same inputs, ended with a verdict, and no attempt is
            due since; empty if something is new.
        was_open: Whether the gate was open in that run.
    """

    inputs_hash: str
    last_run: str = ""
    was_open: bool = False


def news_of(database: Database, dbt: Dbt) -> News:
    """Compare the inputs of the active dataset with those of the last run.

    A project with sources other than those of Trustgate always has news, because their changes are
    unknown.
    """
    if database.bookkeeping_version() < BOOKKEEPING_VERSION:
        return News("")
    delivered = database.row(DELIVERED)
    digest = hashlib.sha256(_code_of(dbt.project))
    digest.update(
        f"{dbt.profile.place} {dbt.dataset} {delivered and delivered['delivered']}".encode()
    )
    inputs = digest.hexdigest()
    last = database.row(LAST_RUN)
    if (
        last is None
        or last["inputs_hash"] != inputs
        or last["dataset"] != dbt.dataset
        or last["status"] not in ("passed", "failed")
        or last["tests_ok"] is False
        or not last["is_quiet"]
        or dbt.reads_other_sources()
    ):
        return News(inputs)
    return News(inputs, last["run_id"], last["status"] == "passed")


def note_inputs(database: Database, run_id: str, inputs_hash: str) -> None:
    """Record the inputs of a run that has ended, and when the next attempt is due."""
    if inputs_hash:
        database.execute(NOTED, {"inputs": inputs_hash, "run": run_id})


def note_unchanged(
    database: Database, run: dict[str, Any], message: str, checks: Sequence[dict[str, Any]]
) -> None:
    """Record a run for which nothing was new: as the last one, with the gate that it read.

    Args:
        run: Its run, last, dataset, status, git and started.
        checks: Rows of the gate.
    """
    read = {**run, "checks": json.dumps(checks, default=str)}
    with database.connection.transaction():
        database.execute(UNCHANGED, read)
        database.execute(SKIPPED, {**run, "message": message})
        database.execute(KEPT, read)


def _code_of(project: Project) -> bytes:
    """Hash of every file that dbt reads, and of the environment variables in them."""
    digest = hashlib.sha256()
    names: set[str] = set()
    for path in sorted(_files(project.root)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(project.root)} {len(content)} ".encode())
        digest.update(content)
        names.update(name.decode() for name in ENVIRONMENT.findall(content))
    for name in sorted(names.difference(OF_EACH_RUN)):
        digest.update(f"{name}={os.environ.get(name)}".encode())
    return digest.digest()


def _files(root: Path) -> Iterator[Path]:
    import yaml

    settings = yaml.safe_load((root / "dbt_project.yml").read_text(encoding="utf-8"))
    yield from (root / name for name in PROJECT_FILES if (root / name).is_file())
    for setting, default in PROJECT_PATHS.items():
        given = settings.get(setting) or default
        for name in [given] if isinstance(given, str) else given:
            for folder, _, files in os.walk(root / name, followlinks=True):
                yield from (
                    Path(folder) / file for file in files if (Path(folder) / file).is_file()
                )
