"""Check an installation: find what is wrong and how to fix it."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.dbt import packages as deps
from runner.dbt.target import load_profile
from runner.errors import ConfigurationError, RunnerError
from runner.postgres.database import Database, connected, remedy_of, version_text
from runner.postgres.embedded import embedded_of
from runner.postgres.profiles import Profile
from runner.postgres.rights import missing_to_read, missing_to_work
from runner.postgres.session import set_differently
from runner.project import DEFAULT_DATASET, Project, find_project
from runner.workflow.exceptions.filters import require_exceptions
from runner.workflow.exceptions.reading import overdue_exceptions

OLDEST_PYTHON = (3, 10)
SCARCE_BYTES = 1_000_000_000
WARN_ABANDONED_DAYS = 30


@dataclass(frozen=True)
class Finding:
    """The result of one check.

    Attributes:
        status: ok, warn (works, but needs attention) or fail.
        remedy: How to fix it, empty if there is nothing to fix.
    """

    check: str
    status: str
    found: str
    remedy: str = ""


def examine(
    project_dir: Path | None, profiles_dir: Path | None, target: str | None
) -> Iterator[Finding]:
    """Run the checks in turn; checks that depend on a failed one are skipped."""
    yield _python()
    yield _guarded("dbt", _dbt)
    try:
        project = find_project(project_dir)
    except RunnerError as error:
        yield _failed("project", error)
        return
    yield Finding("project", "ok", f"{project.name} in {project.root}")
    packages = _guarded("packages", lambda: _packages(project))
    yield packages
    try:
        profile = load_profile(project, profiles_dir, target)
    except RunnerError as error:
        yield _failed("profile", error)
        return
    yield Finding("profile", "ok", f"target {profile.target} of {profile.directory}/profiles.yml")
    try:
        with connected(profile, project) as database:
            yield from _database(database, profile)
    except RunnerError as error:
        yield _failed("connection", error)
        return
    if packages.status == "ok":
        yield _guarded("rules", lambda: _rules(project, profile))


def _failed(check: str, error: RunnerError) -> Finding:
    return Finding(check, "fail", error.message, error.remedy)


def _guarded(check: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except RunnerError as error:
        return _failed(check, error)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Finding("python", "fail", version, "Use Python 3.10 or newer.")
    return Finding("python", "ok", f"{version} ({sys.executable})")


def _dbt() -> Finding:
    from runner.dbt import invocation as dbt

    try:
        versions = dbt.versions()
    except ImportError as error:
        return Finding("dbt", "fail", str(error), "Run `pip install -e .` in the project.")
    return Finding("dbt", "ok", ", ".join(f"{name} {one}" for name, one in versions.items()))


def _packages(project: Project) -> Finding:
    absent = deps.missing(project)
    if absent:
        return Finding("packages", "fail", f"{', '.join(absent)} missing", "Run `runner deps`.")
    present = deps.installed(project)
    names = ", ".join(present.packages) or "none needed"
    if present.is_stand_in:
        return Finding("packages", "ok", f"{names} (the project's stand-in for the real one)")
    return Finding("packages", "ok", names)


def _database(database: Database, profile: Profile) -> Iterator[Finding]:
    yield Finding("connection", "ok", profile.place)
    yield Finding("server", "ok", version_text(database.connection.info.server_version))
    yield _settings(database)
    yield _rights(database)
    yield _free_space(database, profile)
    yield _abandoned(database)
    yield overdue(database)
    yield stuck(database)


def _settings(database: Database) -> Finding:
    found = set_differently(database.connection)
    if not found:
        return Finding("settings", "ok", "role and database leave the meaning of values alone")
    listed = ", ".join(f"{name} {setting}" for name, setting in found.items())
    return Finding(
        "settings",
        "warn",
        f"set differently: {listed}",
        "Sessions of the runner and transactions of Trustgate's models set their own. Your models, "
        "tests and psql do not: reset it, or write SQL that does not depend on it.",
    )


def _rights(database: Database) -> Finding:
    schemas = [
        database.project.schema(name)
        for name in ("landing", "raw", "staging", "candidate", "quality", "marts")
    ]
    found = database.row(
        "select has_database_privilege(current_database(), 'create') as may_create,"
        " current_setting('transaction_read_only')::boolean as is_read_only,"
        " array(select name from unnest(%(schemas)s::text[]) as name"
        " where to_regnamespace(name) is null) as missing,"
        " array(select name from unnest(%(schemas)s::text[]) as name"
        " where not (has_schema_privilege(to_regnamespace(name), 'create')"
        " and has_schema_privilege(to_regnamespace(name), 'usage'))) as forbidden",
        {"schemas": schemas},
    )
    assert found is not None
    if found["is_read_only"]:
        problem = "cannot write in a read-only transaction"
        return Finding("rights", "fail", problem, remedy_of(problem))
    cannot_run = ", ".join(
        (*found["forbidden"], *(found["missing"] if not found["may_create"] else ()))
    )
    if cannot_run and database.has("quality.exception_work"):
        return _rights_without_runs(database, cannot_run)
    if found["forbidden"]:
        names = ", ".join(found["forbidden"])
        return Finding(
            "rights",
            "fail",
            f"no right to create in {names}",
            "Grant the user CREATE and USAGE on these schemas.",
        )
    if found["may_create"]:
        return Finding("rights", "ok", "may create schemas and tables")
    if found["missing"]:
        return Finding(
            "rights",
            "fail",
            f"no right to create the schemas that are missing: {', '.join(found['missing'])}",
            "Grant the user CREATE on the database, or create the schemas for it.",
        )
    return Finding("rights", "ok", "may create tables in all schemas; all exist")


def _rights_without_runs(database: Database, schemas: str) -> Finding:
    """What a user may do who may not run, such as an operator or a viewer."""
    no_run = f"not run or load: no right to create in {schemas}"
    unreadable, unwritable = missing_to_read(database), missing_to_work(database)
    if unreadable:
        return Finding(
            "rights",
            "fail",
            f"may {no_run}; not read {', '.join(unreadable)}",
            "Grant the user one of the roles of `runner db grants`, or run that again.",
        )
    if unwritable:
        return Finding(
            "rights",
            "ok",
            f"may read, as a viewer; {no_run}; not write: {'; '.join(unwritable)}",
        )
    return Finding("rights", "ok", f"may read and work exceptions, as an operator; {no_run}")


def _free_space(database: Database, profile: Profile) -> Finding:
    size = database.row("select pg_database_size(current_database()) as bytes")
    assert size is not None
    used = f"database {size['bytes'] / 1e9:.1f} GB"
    if not profile.is_embedded:
        return Finding("disk", "ok", f"{used}; free space is known to the server only")
    free = shutil.disk_usage(embedded_of(database.project).home).free
    found = f"{used}, {free / 1e9:.1f} GB free"
    if free < max(SCARCE_BYTES, size["bytes"]):
        return Finding(
            "disk",
            "warn",
            found,
            "Free some space: a full rebuild needs the size of the database once more.",
        )
    return Finding("disk", "ok", found)


def _abandoned(database: Database) -> Finding:
    if not database.has("quality.run_history"):
        return Finding("runs", "ok", "none yet")
    found = database.rows(
        "select run_id, started_at from {quality.run_history} where status = 'abandoned'"
        " and started_at > now() - make_interval(days => %s) order by started_at desc",
        [WARN_ABANDONED_DAYS],
    )
    if not found:
        return Finding("runs", "ok", f"none abandoned in {WARN_ABANDONED_DAYS} days")
    latest = f"{found[0]['run_id']} of {found[0]['started_at']:%Y-%m-%d %H:%M}"
    return Finding(
        "runs",
        "warn",
        f"{len(found)} abandoned in {WARN_ABANDONED_DAYS} days, the last {latest}",
        "These runs were killed; the next `runner run` completes their work.",
    )


def overdue(database: Database) -> Finding:
    """Check for exceptions past their SLA, in any dataset."""
    try:
        require_exceptions(database)
    except ConfigurationError as error:
        return Finding("exceptions", "ok", error.message.rstrip("."))
    found = overdue_exceptions(database)
    if not found:
        return Finding("exceptions", "ok", "none is past its SLA")
    first = min(row["first_due_at"] for row in found)
    parts = [f"{row['exceptions']:,} {row['severity']} of {row['dataset']}" for row in found]
    return Finding(
        "exceptions",
        "warn",
        f"past their SLA: {', '.join(parts)}; the first was due {first:%Y-%m-%d %H:%M}",
        "List them with `runner exceptions list --overdue`; resolve, assign or suppress them.",
    )


def stuck(database: Database) -> Finding:
    """Check for records that wait and batches on hold for too long, in any dataset."""
    if not database.has("quality.waiting_work"):
        return Finding("waiting", "ok", "no run yet")
    found = database.rows(
        "select dataset, entity, waits_for, min(since) as since,"
        " case waits_for when 'release' then count(*)"
        " else sum(coalesce(record_count, 1))::bigint end as waiting"
        " from {quality.waiting_work} where is_stuck"
        " group by dataset, entity, waits_for order by min(since), dataset, entity, waits_for"
    )
    if not found:
        return Finding("waiting", "ok", "nothing waits too long")
    parts = [
        f"{row['waiting']:,} {'batches' if row['waits_for'] == 'release' else 'records'} of"
        f" {row['entity']} in {row['dataset']} for {row['waits_for']}"
        for row in found
    ]
    first = found[0]["since"]
    return Finding(
        "waiting",
        "warn",
        f"too long: {', '.join(parts)}; the first since {first:%Y-%m-%d %H:%M}",
        "The next `runner run` processes waiting records; quality.waiting_work lists them.",
    )


def _rules(project: Project, profile: Profile) -> Finding:
    """Check that every base model compiles, which validates each rule."""
    from runner.dbt.invocation import Dbt
    from runner.dbt.messages import clean_message

    dataset = os.environ.get("TRUSTGATE_DATASET") or DEFAULT_DATASET
    invocation = Dbt(project, profile, dataset).run(
        "compile", ["--select", "base_*", "--no-introspect"]
    )
    if invocation.error is not None:
        raise invocation.error
    if broken := invocation.failed_nodes():
        messages = "; ".join(clean_message(node.message) for node in broken)
        return Finding("rules", "fail", messages, "Fix the rule in the YAML of the model.")
    models = len([one for one in invocation.results if one.resource_type == "model"])
    if not models:
        return Finding(
            "rules", "warn", "no model base_* in the project", "See docs/add-an-entity.md."
        )
    return Finding("rules", "ok", f"{models} base models compile")
