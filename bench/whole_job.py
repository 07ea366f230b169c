"""The whole job, from files to verdict, against a plain dbt project that does the same each day."""

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.agreement import refuse_different_findings
from bench.commerce import write_day, write_first
from bench.figures import WRITTEN, Figures, against, heading, line
from bench.pipeline import Pipeline, open_pipeline
from bench.plain_project import SCHEMA, PlainProject, count_nodes, open_plain_project
from bench.timed_process import ProcessRun
from bench.workplace import Workplace

DATASET = "whole"
NAMESPACE = "whole"
"""Before each of Trustgate's schemas."""
GATE_SHUT = 1
"""Exit code of a run that found failures, as all of these do."""
TRUSTGATE, PLAIN = "Trustgate", "plain"
SCHEMAS = {TRUSTGATE: NAMESPACE, PLAIN: SCHEMA}
"""How the names of each side's schemas begin."""


@dataclass(frozen=True)
class Job:
    """What both sides do in turn.

    Attributes:
        name: What it is called in the figures.
        folder: Folder of its files.
        is_news: Whether the plain project has files to load. Trustgate is given the folder always
            and finds that it has loaded them before.
        allowed: The ratio to reach.
    """

    name: str
    folder: str
    is_news: bool
    allowed: str


JOBS = (
    Job("first run", "first", True, "<= 2.5"),
    Job("nothing new", "first", False, "<= 0.25"),
    Job("a day of 1 %", "day", True, "<= 0.5"),
    Job("a day of 1 % and 100 corrections", "corrections", True, "<= 0.5"),
)

TABLES = """
    select pg_class.oid, nspname
    from pg_class
    inner join pg_namespace on relnamespace = pg_namespace.oid
    where relkind in ('r', 'm', 'p') and starts_with(nspname, %s)
"""
SIZE = f"select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint from ({TABLES}) as tables"
DROPPED = f"""
    select distinct 'drop schema ' || quote_ident(nspname) || ' cascade' from ({TABLES}) as tables
"""


@dataclass
class Notes:
    """What is not measured in seconds, of the last round.

    Attributes:
        nodes: Nodes that dbt ran, by side and job.
        bytes_used: Bytes of relations and their indexes, by side and job.
        failures: Failures that both sides found, by job.
    """

    nodes: dict[tuple[str, str], int] = field(default_factory=dict)
    bytes_used: dict[tuple[str, str], int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sides:
    """Both sides and where their files are.

    Attributes:
        files: Directory of a folder of files for each day.
    """

    pipeline: Pipeline
    plain: PlainProject
    connection: psycopg.Connection
    files: Path

    @property
    def targets(self) -> dict[str, Path]:
        """Where dbt keeps its results, by side."""
        return {TRUSTGATE: self.pipeline.runner_target, PLAIN: self.plain.target}

    def begin(self) -> None:
        """Leave nothing of an earlier round: no table, and nothing that dbt has parsed."""
        drop_schemas(self.connection)
        for target in self.targets.values():
            shutil.rmtree(target, ignore_errors=True)
        self.plain.create_tables(self.connection)

    def run(self, side: str, job: Job) -> ProcessRun:
        """Run one side, from its files to its verdict, start of all programs included."""
        # Kept only of a run that has any: of one in which dbt had nothing to do there are none.
        (self.targets[side] / "run_results.json").unlink(missing_ok=True)
        self.connection.execute(WRITTEN)
        folder = self.files / job.folder
        if side == TRUSTGATE:
            arguments = ("run", "--data-dir", str(folder), "--dataset", DATASET)
            return self.pipeline.runner(*arguments, exits=(GATE_SHUT,))
        began = time.perf_counter()
        if job.is_news:
            self.plain.load(self.connection, folder)
        copied = time.perf_counter() - began
        built = self.plain.build()
        return ProcessRun(
            copied + built.seconds, built.processor_seconds, built.peak_bytes, built.output
        )


def measure(place: Workplace, connection: psycopg.Connection, rows: int, rounds: int) -> int:
    """Measure and print. Arguments as in `checks.measure`; each round begins with nothing.

    Returns: Greatest resident memory of the runner, bytes.
    """
    files = place.home / "whole_job"
    csv_bytes = {
        "first": write_first(connection, files / "first", rows),
        "day": write_day(connection, files / "day", rows, day=1),
        "corrections": write_day(connection, files / "corrections", rows, day=2, corrects=True),
    }
    sides = Sides(open_pipeline(place, NAMESPACE), open_plain_project(place), connection, files)
    figures, notes, peak = Figures(), Notes(), 0
    for number in range(rounds):
        sides.begin()
        for job in JOBS:
            for side in (TRUSTGATE, PLAIN)[:: -1 if number % 2 else 1]:
                done = sides.run(side, job)
                figures.note(f"{side}, {job.name}", done.seconds)
                figures.note(f"processor of {side}, {job.name}", done.processor_seconds)
                notes.nodes[side, job.name] = count_nodes(sides.targets[side])
                notes.bytes_used[side, job.name] = _bytes_used(connection, SCHEMAS[side])
                peak = max(peak, done.peak_bytes if side == TRUSTGATE else 0)
            notes.failures[job.name] = refuse_different_findings(connection, NAMESPACE)
    drop_schemas(connection)
    shutil.rmtree(files)
    _print(figures, notes, rows, csv_bytes)
    return peak


def drop_schemas(connection: psycopg.Connection) -> None:
    """Remove everything that either side has made."""
    for prefix in SCHEMAS.values():
        for (statement,) in connection.execute(DROPPED, [f"{prefix}_"]).fetchall():
            connection.execute(statement)


def _bytes_used(connection: psycopg.Connection, prefix: str) -> int:
    ((size,),) = connection.execute(SIZE, [f"{prefix}_"]).fetchall()
    return int(size)


def _print(figures: Figures, notes: Notes, rows: int, csv_bytes: dict[str, int]) -> None:
    heading(
        f"The whole job, {rows:,} payments and half as many orders, 1 % messy, from files to"
        " verdict (median, from the shell)"
    )
    for job in JOBS:
        for side in SCHEMAS:
            name = f"{side}, {job.name}"
            processor = figures.median(f"processor of {name}")
            nodes = notes.nodes[side, job.name]
            line(name, figures.median(name),
                 ratio=f"{processor:.1f} s of dbt's processor time, {nodes} nodes")  # fmt: skip
    for job in JOBS:
        found = figures.ratio(f"{TRUSTGATE}, {job.name}", f"{PLAIN}, {job.name}")
        against(f"{job.name}, to the plain project", found, job.allowed)
    first, last = JOBS[0].name, JOBS[-1].name
    for moment, job_name, size in (
        ("first run", first, csv_bytes["first"]),
        ("all of them", last, sum(csv_bytes.values())),
    ):
        print(f"Disk after {moment}, relations and indexes, to the CSV's {size / 1e6:,.0f} MB:")
        for side in SCHEMAS:
            goal = "   to reach: <= 7" if side == TRUSTGATE else ""
            print(f"  {side:<56}{notes.bytes_used[side, job_name] / size:>8.2f}{goal}")
    print(
        f"Failures that both found: {', '.join(f'{count:,}' for count in notes.failures.values())}"
    )
