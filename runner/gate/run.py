"""One run: lock, load, one dbt build, verdict."""

import contextlib
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import psycopg

from runner.dbt import packages as deps
from runner.dbt.invocation import Dbt, Invocation, NodeEvent
from runner.dbt.messages import trouble_of
from runner.errors import ConfigurationError, InterruptedRunError, RunnerError
from runner.exit_codes import ExitCode
from runner.gate.news import News, news_of, note_inputs, note_unchanged
from runner.gate.verdict import Verdict, judge, unchanged
from runner.interrupts import terminable
from runner.loading.entities import entities_of
from runner.loading.intake import ensure_intake
from runner.loading.load import load
from runner.loading.model import LoadedBatch, LoadRequest
from runner.loading.progress import LoadProgress
from runner.loading.progress import Watcher as LoadWatcher
from runner.postgres import locks
from runner.postgres.database import Database, connected
from runner.postgres.profiles import Profile
from runner.project import Project

STATUS_BY_EXIT_CODE = {
    ExitCode.GATE_OPEN: "passed",
    ExitCode.GATE_SHUT: "failed",
    ExitCode.TROUBLE: "error",
}
"""What is on record of a run that ended so."""


@dataclass(frozen=True)
class Request:
    """What a run is asked to do.

    Attributes:
        dataset: The active dataset.
        load: What is loaded first, None for nothing.
        select: dbt's selection, empty for everything.
        deep: Compare reconciliations in full, not by what changed.
        full_refresh: Rebuild what may be rebuilt.
        always: Build even if nothing is new.
        prepare: Called under the lock, before dbt builds.
    """

    dataset: str
    load: LoadRequest | None = None
    select: tuple[str, ...] = ()
    deep: bool = False
    full_refresh: bool = False
    always: bool = False
    prepare: Callable[[Database], None] | None = None


@dataclass(frozen=True)
class Outcome:
    """A run that was carried out."""

    verdict: Verdict
    batches: tuple[LoadedBatch, ...]


@dataclass(frozen=True)
class Watcher:
    """Who is told how a run goes.

    Attributes:
        tell: Called with a sentence.
        on_event: Called for each node of dbt's build.
        on_load: Called some times a second while files are loaded.
    """

    tell: Callable[[str], None]
    on_event: Callable[[NodeEvent], None]
    on_load: Callable[[LoadProgress], None]


def run(project: Project, profile: Profile, request: Request, watcher: Watcher) -> Outcome:
    """Load what is asked, build, and judge.

    Raises: ConfigurationError for an unknown dataset before anything is built; LockHeldError if
        another run is under way; InterruptedRunError on Ctrl-C; TroubleError for what keeps dbt
        from working. In every case the run's record is closed.
    """
    started = time.monotonic()
    with interruptible(), connected(profile, project) as database:
        deps.ensure(project, watcher.tell)
        process_id = locks.take_run_lock(database)
        locks.wait_for_models(database, watcher.tell)
        check_dataset(database, request)
        dbt = Dbt(project, profile, request.dataset)
        dbt.environment.update(_environment(project, request, process_id))
        batches = (
            _load(database, dbt, request.load, LoadWatcher(watcher.tell, watcher.on_load))
            if request.load
            else []
        )
        if request.prepare is not None:
            request.prepare(database)
        is_whole = not (request.select or request.deep or request.full_refresh)
        news = news_of(database, dbt) if is_whole else News("")
        if not request.always and (verdict := _unchanged(database, dbt, news, started)):
            return Outcome(verdict, tuple(batches))
        invocation = _build(database, dbt, request, watcher)
        seconds = time.monotonic() - started
        status = "error"
        try:
            verdict = judge(database, invocation, dbt.marts(), request.dataset, seconds)
            status = STATUS_BY_EXIT_CODE[verdict.exit_code]
        finally:
            close_run(database, invocation.run_id, status)
        note_inputs(database, invocation.run_id, news.inputs_hash)
        return Outcome(verdict, tuple(batches))


def _unchanged(database: Database, dbt: Dbt, news: News, started: float) -> Verdict | None:
    """The gate's verdict, read and put on record without a build, where nothing is new.

    Returns: None where something is new, or where the gate has opened since and marts wait for it.
    """
    if not news.last_run:
        return None
    run_id, began = str(uuid.uuid4()), datetime.now(timezone.utc)
    verdict = unchanged(database, run_id, dbt.dataset, news.last_run, time.monotonic() - started)
    if verdict is None or (verdict.exit_code is ExitCode.GATE_OPEN and not news.was_open):
        return None
    record = {
        "run": run_id,
        "last": news.last_run,
        "dataset": dbt.dataset,
        "status": STATUS_BY_EXIT_CODE[verdict.exit_code],
        "git": _git_sha(dbt.project.root) or None,
        "started": began,
    }
    note_unchanged(database, record, verdict.reason)
    return verdict


def load_only(
    project: Project,
    profile: Profile,
    dataset: str,
    request: LoadRequest,
    watcher: LoadWatcher,
) -> list[LoadedBatch]:
    """Load files without a run; loads and a run may be under way side by side.

    Raises: as `load` does; InterruptedRunError on Ctrl-C.
    """
    with interruptible(), connected(profile, project) as database:
        deps.ensure(project, watcher.tell)
        dbt = Dbt(project, profile, dataset)
        return _load(database, dbt, request, watcher)


def check_dataset(database: Database, request: Request) -> None:
    """Refuse a dataset that nobody ever delivered.

    Raises: ConfigurationError naming those that are known.
    """
    known = known_datasets(database)
    if request.load is None and request.dataset not in known:
        raise ConfigurationError(
            f"There is no dataset {request.dataset}.",
            f"Known datasets: {', '.join(known) or 'none yet'}. "
            "Load another one with --data-dir DIR.",
        )


def known_datasets(database: Database) -> list[str]:
    """Datasets that come with the project, and those that were loaded, sorted."""
    known = set(database.project.bundled_datasets)
    if database.has("quality.batches"):
        known |= {
            row["dataset"]
            for row in database.rows(
                "select dataset from {quality.batches} where status not in ('LOADING', 'FAILED')"
            )
        }
    return sorted(known)


def _environment(project: Project, request: Request, process_id: int) -> dict[str, str]:
    return {
        "INVOKED_BY": "runner",
        "LOCK_PID": str(process_id),
        "GIT_SHA": _git_sha(project.root),
        "DEEP": "1" if request.deep else "",
    }


def _git_sha(root: Path) -> str:
    """The commit that is checked out, empty where there is none to be told."""
    try:
        found = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""


def _load(
    database: Database, dbt: Dbt, request: LoadRequest, watcher: LoadWatcher
) -> list[LoadedBatch]:
    entities = entities_of(dbt.models())
    ensure_intake(database, dbt, entities)
    return load(database, dbt.profile, dbt.dataset, entities, request, watcher)


def _build(database: Database, dbt: Dbt, request: Request, watcher: Watcher) -> Invocation:
    # Unit tests judge the project, not the data: they belong to `dbt build` and to the tests.
    options = ["--exclude-resource-type", "unit_test"]
    if request.full_refresh:
        options.append("--full-refresh")
    others = [
        f"{dataset}_{entity}"
        for dataset, entities in dbt.project.bundled_datasets.items()
        for entity in entities
        if dataset != dbt.dataset
    ]
    if others:
        # Seeds of other datasets are left alone; bare dbt loads them again, to no effect.
        options += ["--exclude", *others]
    if request.select:
        options += ["--select", *request.select]
    invocation = dbt.run("build", options, watcher.on_event)
    error = invocation.error
    for node in invocation.failed_nodes():
        if error is None and (trouble := trouble_of(node.message)) is not None:
            where = "" if node.resource_type == "operation" else f"{node.name}: "
            error = type(trouble)(f"{where}{trouble.message}", trouble.remedy)
    if error is not None:
        close_run(database, invocation.run_id, "error")
        raise error
    return invocation


def close_run(database: Database, run_id: str, status: str) -> None:
    """Close the record of a run whose dbt did not: on Ctrl-C, or for lack of room."""
    with contextlib.suppress(RunnerError, psycopg.Error):
        if run_id and database.has("quality.pipeline_runs"):
            database.execute(
                "update {quality.pipeline_runs} set status = %s, finished_at = now()"
                " where run_id = %s and status = 'running'",
                [status, run_id],
            )


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does, and say both in our words."""
    try:
        with terminable():
            yield
    except KeyboardInterrupt as error:
        raise InterruptedRunError("Interrupted; nothing is left half done.") from error
