"""Our reconciliation and our checks against reladiff and Great Expectations."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.checks import CHECKED, NOTHING, TYPED
from bench.dbt_process import run_dbt
from bench.figures import Figures, against, heading, line, seconds_of
from bench.peers.environments import GREAT_EXPECTATIONS, RELADIFF, Peer, python_of
from bench.peers.peer_process import PeerRun, Work, run_peer
from bench.workplace import Workplace
from runner.postgres import embedded

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
PLACE = """
    drop schema if exists peers, empty_peers cascade;
    create schema peers;
    create schema empty_peers;
"""
READ = """
    drop table if exists {schema}.charges;
    create table {schema}.charges as
    select
        *,
        quality.try_numeric(amount, 'numeric(14,2)', 12, 2)::double precision as amount_read,
        quality.try_timestamptz(paid_at) as paid_at_read
    from messy
    {limit}
"""
"""Charges as received with amount and time as types beside them. Not numeric: Great Expectations
takes four times as long to hand decimals on."""
REMOVE = "drop schema peers, empty_peers cascade"
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
        contest.print(
            "reconcile_rows, keys known to be unique",
            f"{_count(connection, DIFFERING):,} keys",
            rows,
        )
        against("reladiff to reconcile_rows", contest.figures.ratio("theirs", "ours"), ">= 4")
    if (python := python_of(GREAT_EXPECTATIONS)) is not None:
        connection.execute(PLACE)
        connection.execute(READ.format(schema="empty_peers", limit="limit 0"))
        contest = Contest(
            place=place,
            python=python,
            peer=GREAT_EXPECTATIONS,
            tables=("{}peers.charges", "{}staging.stg_purchases"),
            command=CHECKED,
            command_before=TYPED,
        )
        peaks.append(
            contest.carry_out(
                rounds,
                before=lambda: connection.execute(READ.format(schema="peers", limit="")),
                then=lambda: connection.execute("vacuum (analyze) peers.charges"),
            )
        )
        connection.execute(REMOVE)
        _print_checks(contest, _count(connection, FAILING), rows)
    return max(peaks)


@dataclass(frozen=True)
class Contest:
    """One peer against one of our builds, each less what it takes with nothing to do.

    Attributes:
        python: Of the peer's environment.
        tables: What the peer reads; `{}` is replaced by the prefix of the schemas.
        command: Our build, as on dbt's command line.
        command_before: The part of it that the peer is given done, none if empty.
        figures: Seconds of `ours` and `theirs`, and of each with nothing to do.
        runs: Those of the peer, round by round.
    """

    place: Workplace
    python: Path
    peer: Peer
    tables: tuple[str, ...]
    command: tuple[str, ...]
    command_before: tuple[str, ...] = ()
    figures: Figures = field(default_factory=Figures)
    runs: list[PeerRun] = field(default_factory=list)

    def carry_out(
        self,
        rounds: int,
        before: Callable[[], object] | None = None,
        then: Callable[[], object] | None = None,
    ) -> int:
        """Measure in interleaved rounds.

        Args:
            before: What the peer needs done first, noted as `before`.
            then: What is done after that at nobody's cost.
        Returns: Greatest resident memory of our process, bytes.
        """
        peak = 0
        for _ in range(rounds):
            if self.command_before:
                peak = max(peak, self._run_ours("ours before", self.command_before))
            peak = max(peak, self._run_ours("ours", self.command))
            self.figures.note("before", seconds_of(before) if before else 0.0)
            if then:
                then()
            idle, found = self._run_peer(f"{NOTHING}_"), self._run_peer("")
            self.runs.append(found)
            self.figures.note("nothing of theirs", idle.seconds)
            self.figures.note("import", found.import_seconds)
            self.figures.note("theirs", max(found.seconds - idle.seconds, 0.01))
        return peak

    def _run_ours(self, name: str, command: tuple[str, ...]) -> int:
        own = run_dbt(self.place.project, *command, namespace=NOTHING)
        done = run_dbt(self.place.project, *command)
        self.figures.note(f"nothing of {name}", own.seconds)
        self.figures.note(name, max(done.seconds - own.seconds, 0.01))
        return done.peak_bytes

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

    def print(self, label: str, found: str, rows: int) -> None:
        """Print both.

        Args:
            label: What ours is.
            found: What ours found.
        """
        figures, last = self.figures, self.runs[-1]
        counts = f"{last.found:,}, {last.keyed:,} of them with key"
        line(
            f"{self.peer.name} {last.version}",
            figures.median("theirs"),
            rows,
            f"itself {figures.median('nothing of theirs'):.2f} s, its import"
            f" {figures.median('import'):.2f} s; found {counts}",
        )
        own = figures.median("nothing of ours")
        line(label, figures.median("ours"), rows, f"dbt itself {own:.2f} s; found {found}")
        peak = max(run.peak_bytes for run in self.runs)
        print(f"Greatest memory of {self.peer.name}: {peak / MEBIBYTE:.0f} MiB")


def _print_checks(contest: Contest, failing: int, rows: int) -> None:
    heading(f"Per-record checks, 12 rules, beside Great Expectations, {rows:,} records (median)")
    figures = contest.figures
    line("its table with amounts and times read", figures.median("before"), rows)
    contest.print("base with 12 rules, and dq_results", f"{failing:,} results", rows)
    line("of that, the typed model without rules", figures.median("ours before"), rows)
    for theirs, before in zip(figures.rounds["theirs"], figures.rounds["before"], strict=True):
        figures.note("theirs, reading too", theirs + before)
    for ours, before in zip(figures.rounds["ours"], figures.rounds["ours before"], strict=True):
        figures.note("rules and results", max(ours - before, 0.01))
    against(
        "Great Expectations and its table to base and dq_results",
        figures.ratio("theirs, reading too", "ours"),
        ">= 4",
    )
    against(
        "Great Expectations to rules and results above that model",
        figures.ratio("theirs", "rules and results"),
    )


def _count(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
