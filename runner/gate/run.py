"""A run: take the lock, load, run one dbt build, read the verdict."""

import contextlib
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import psycopg

from runner.dbt import packages as deps
from runner.dbt.invocation import Dbt, Invocation, NodeEvent
from runner.dbt.messages import known_error
from runner.errors import ConfigurationError, RunnerError
from runner.exit_codes import ExitCode
from runner.gate.news import News, news_of, note_inputs, note_unchanged
from runner.gate.verdict import Verdict, evaluate, unchanged
from runner.gate.watch import Watch
from runner.interrupts import interruptible
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
    ExitCode.ERROR: "error",
}
"""Status in the run history, by the exit code of the run."""
INTERRUPTED = "Interrupted; nothing is left half done."


@dataclass(frozen=True)
class Request:
    """What a run is to do.

    Attributes:
        dataset: The active dataset.
        load: Files to load first, None for none.
        select: Selection of dbt nodes, empty for all.
        deep: Compare reconciliations in full, not by what changed.
        full_refresh: Rebuild everything that can be rebuilt from raw.
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
    """The outcome of a run: its verdict, and the batches it loaded."""

    verdict: Verdict
    batches: tuple[LoadedBatch, ...]


@dataclass(frozen=True)
class Watcher:
    """Callbacks that show the progress of a run.

    Attributes:
        notify: Called with a sentence.
        on_event: Called with each event of a node.
        on_load: Called a few times a second while files are loaded.
    """

    notify: Callable[[str], None]
    on_event: Callable[[NodeEvent], None]
    on_load: Callable[[LoadProgress], None]


def run(project: Project, profile: Profile, request: Request, watcher: Watcher) -> Outcome:
    """Load the requested files, build, and read the verdict.

    Raises: ConfigurationError for an unknown dataset before anything is built; LockHeldError if
        another run is in progress; InterruptedRunError on Ctrl-C; OperationalError if the database
        or dbt fails. In every case the record of the run is closed.
    """
    started = time.monotonic()
    with interruptible(INTERRUPTED), connected(profile, project) as database:
        deps.ensure(project, watcher.notify)
        process_id = locks.take_run_lock(database)
        locks.wait_for_models(database, watcher.notify)
        check_dataset(database, request)
        dbt = Dbt(project, profile, request.dataset)
        dbt.environment.update(_environment(project, request, process_id))
        batches = (
            _load(database, dbt, request.load, LoadWatcher(watcher.notify, watcher.on_load))
            if request.load
            else []
        )
        if request.prepare is not None:
            request.prepare(database)
        is_whole = not (request.select or request.deep or request.full_refresh)
        news = news_of(database, dbt) if is_whole else News("")
        if not request.always and (verdict := _unchanged(database, dbt, news, started)):
            return Outcome(verdict, tuple(batches))
        invocation = _build(database, dbt, request, watcher, process_id)
        seconds = time.monotonic() - started
        status = "error"
        try:
            verdict = evaluate(database, invocation, dbt.marts(), request.dataset, seconds)
            status = STATUS_BY_EXIT_CODE[verdict.exit_code]
        finally:
            close_run(database, invocation.run_id, status)
        note_inputs(database, invocation.run_id, news.inputs_hash)
        return Outcome(verdict, tuple(batches))


def _unchanged(database: Database, dbt: Dbt, news: News, started: float) -> Verdict | None:
    """Read and record the verdict without a build, if nothing is new.

    Returns: None if something is new, or the gate has opened since and marts are not published yet.
    """
    if not news.last_run:
        return None
    run_id, began = str(uuid.uuid4()), datetime.now(timezone.utc)
    found = unchanged(database, run_id, dbt.dataset, news.last_run, time.monotonic() - started)
    if found is None:
        return None
    verdict, checks = found
    if verdict.exit_code is ExitCode.GATE_OPEN and not news.was_open:
        return None
    record = {
        "run": run_id,
        "last": news.last_run,
        "dataset": dbt.dataset,
        "status": STATUS_BY_EXIT_CODE[verdict.exit_code],
        "git": _git_sha(dbt.project.root) or None,
        "started": began,
    }
    note_unchanged(database, record, verdict.reason, checks)
    return verdict


def load_only(
    project: Project,
    profile: Profile,
    dataset: str,
    request: LoadRequest,
    watcher: LoadWatcher,
) -> list[LoadedBatch]:
    """Load files without a run; several loads and a run may work at the same time.

    Raises: as `load` does; InterruptedRunError on Ctrl-C.
    """
    with interruptible(INTERRUPTED), connected(profile, project) as database:
        deps.ensure(project, watcher.notify)
        dbt = Dbt(project, profile, dataset)
        return _load(database, dbt, request, watcher)


def check_dataset(database: Database, request: Request) -> None:
    """Refuse a dataset that was never loaded.

    Raises: ConfigurationError listing the known datasets.
    """
    known = known_datasets(database)
    if request.load is None and request.dataset not in known:
        raise ConfigurationError(
            f"There is no dataset {request.dataset}.",
            f"Known datasets: {', '.join(known) or 'none yet'}. "
            "Load a new one with --data-dir DIR.",
        )


def known_datasets(database: Database) -> list[str]:
    """Datasets bundled with the project, and those that were loaded, sorted."""
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
    """The commit that is checked out, empty if it is unknown."""
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


def _build(
    database: Database, dbt: Dbt, request: Request, watcher: Watcher, process_id: int
) -> Invocation:
    # Unit tests check the project, not the data: `dbt build` and CI run them.
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
        # Seeds of other datasets are skipped; dbt alone loads them again, without effect.
        options += ["--exclude", *others]
    if request.select:
        options += ["--select", *request.select]
    with Watch(database, process_id, watcher.notify) as watch:
        invocation = dbt.run("build", options, watcher.on_event)
    error = invocation.error
    for node in invocation.failed_nodes():
        known = watch.explain(node.message) or known_error(node.message)
        if error is None and known is not None:
            where = "" if node.resource_type == "operation" else f"{node.name}: "
            error = type(known)(f"{where}{known.message}", known.remedy)
    if error is not None:
        close_run(database, invocation.run_id, "error")
        raise error
    return invocation


def close_run(database: Database, run_id: str, status: str) -> None:
    """Close the record of a run that dbt left open: after Ctrl-C, or on a full disk."""
    with contextlib.suppress(RunnerError, psycopg.Error):
        if run_id and database.has("quality.pipeline_runs"):
            database.execute(
                "update {quality.pipeline_runs} set status = %s, finished_at = now()"
                " where run_id = %s and status = 'running'",
                [status, run_id],
            )
