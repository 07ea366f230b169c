"""Our reconciliation and our checks against reladiff and Great Expectations."""

from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.checks import CHECKED, NOTHING
from bench.dbt_process import run_dbt
from bench.figures import Figures, against, heading, line
from bench.peers.environments import GREAT_EXPECTATIONS, RELADIFF, Peer, python_of
from bench.peers.peer_process import PeerRun, Work, run_peer
from bench.workplace import Workplace
from runner import embedded

MEBIBYTE = 1024 * 1024
KEYS = """
    alter table raw.charges_source add primary key (charge_id);
    alter table raw.charges_target add primary key (charge_id);
"""
"""reladiff reads its segments one by one, by key: without an index it would read all for each."""
NO_KEYS = """
    alter table raw.charges_source drop constraint charges_source_pkey;
    alter table raw.charges_target drop constraint charges_target_pkey;
"""
READ = """
    create schema peers;
    create schema empty_peers;
    create table peers.charges as
    select
        *,
        quality.try_numeric(amount, 'numeric(14,2)', 12, 2)::double precision as amount_read,
        quality.try_timestamptz(paid_at) as paid_at_read
    from messy;
    create table empty_peers.charges (like peers.charges);
"""
"""Read beforehand, at no cost to Great Expectations; as double precision, since it takes longer to
hand on 100,000 decimals than to find them."""
NOT_READ = "drop schema if exists peers, empty_peers cascade"
DIFFERING = """
    select count(distinct record_key) from quality.recon_unique_keys where not is_summary
"""
FAILING = """
    select count(*) from quality.dq_results
    where not passed and run_id = (
        select run_id from quality.dq_results order by validated_at desc limit 1
    )
"""
"""Of the last build: results of those before are kept."""


def measure(place: Workplace, connection: psycopg.Connection, rows: int, rounds: int) -> int:
    """Install the peers, measure and print. Arguments and result as in `checks.measure`.

    A peer that cannot be installed is left out.
    """
    peaks = [0]
    if (python := python_of(RELADIFF)) is not None:
        connection.execute(KEYS)
        connection.execute("vacuum (analyze) raw.charges_source, raw.charges_target")
        contest = Contest(
            place=place,
            python=python,
            peer=RELADIFF,
            tables=("{}raw.charges_source", "{}raw.charges_target"),
            command=("run", "--full-refresh", "--select", "recon_unique_keys"),
        )
        peaks.append(contest.carry_out(rounds))
        connection.execute(NO_KEYS)
        heading(f"Row reconciliation beside reladiff, {rows:,} against as many (median)")
        found = _count(connection, DIFFERING)
        contest.print("reconcile_rows, keys known to be unique", f"{found:,} keys", rows)
        against("reladiff to reconcile_rows", contest.figures.ratio("theirs", "ours"), ">= 4")
    if (python := python_of(GREAT_EXPECTATIONS)) is not None:
        connection.execute(NOT_READ)
        connection.execute(READ)
        connection.execute("vacuum (analyze) peers.charges")
        contest = Contest(
            place=place,
            python=python,
            peer=GREAT_EXPECTATIONS,
            tables=("{}peers.charges", "{}staging.stg_purchases"),
            command=CHECKED,
        )
        peaks.append(contest.carry_out(rounds))
        connection.execute(NOT_READ)
        heading(
            f"Per-record checks, 12 rules, beside Great Expectations, {rows:,} records (median)"
        )
        found = _count(connection, FAILING)
        contest.print("base with 12 rules, and dq_results", f"{found:,} results", rows)
        against(
            "Great Expectations to base and dq_results",
            contest.figures.ratio("theirs", "ours"),
            ">= 4",
        )
    return max(peaks)


@dataclass(frozen=True)
class Contest:
    """One peer against one of our builds, each less what it takes with nothing to do.

    Attributes:
        python: Of the peer's environment.
        tables: What the peer reads; `{}` stands for the prefix of the schemas.
        command: Our build, as on dbt's command line.
        figures: Seconds of `ours` and `theirs`, and of each with nothing to do.
        runs: Those of the peer, round by round.
    """

    place: Workplace
    python: Path
    peer: Peer
    tables: tuple[str, ...]
    command: tuple[str, ...]
    figures: Figures = field(default_factory=Figures)
    runs: list[PeerRun] = field(default_factory=list)

    def carry_out(self, rounds: int) -> int:
        """Measure in interleaved rounds.

        Returns: Greatest resident memory of our process, bytes.
        """
        peak = 0
        for _ in range(rounds):
            own = run_dbt(self.place.project, *self.command, namespace=NOTHING)
            done = run_dbt(self.place.project, *self.command)
            peak = max(peak, done.peak_bytes)
            self.figures.note("nothing of ours", own.seconds)
            self.figures.note("ours", max(done.seconds - own.seconds, 0.01))
            idle, found = self._run_peer(f"{NOTHING}_"), self._run_peer("")
            self.runs.append(found)
            self.figures.note("nothing of theirs", idle.seconds)
            self.figures.note("import", found.import_seconds)
            self.figures.note("theirs", max(found.seconds - idle.seconds, 0.01))
        return peak

    def _run_peer(self, prefix: str) -> PeerRun:
        tables = tuple(table.format(prefix) for table in self.tables)
        work = Work(
            host=str(self.place.embedded.socket_directory),
            port=embedded.PORT,
            user=embedded.USER,
            database=embedded.DATABASE,
            tables=tables,
        )
        return run_peer(self.python, self.peer.module, work)

    def print(self, words: str, found: str, rows: int) -> None:
        """Print both.

        Args:
            words: What ours is.
            found: What ours found.
        """
        figures, last = self.figures, self.runs[-1]
        told = f"{last.found:,}, {last.keyed:,} of them with key"
        line(
            f"{self.peer.name} {last.version}",
            figures.median("theirs"),
            rows,
            f"itself {figures.median('nothing of theirs'):.2f} s, its import"
            f" {figures.median('import'):.2f} s; found {told}",
        )
        own = figures.median("nothing of ours")
        line(words, figures.median("ours"), rows, f"dbt itself {own:.2f} s; found {found}")
        peak = max(run.peak_bytes for run in self.runs)
        print(f"Greatest memory of {self.peer.name}: {peak / MEBIBYTE:.0f} MiB")


def _count(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
