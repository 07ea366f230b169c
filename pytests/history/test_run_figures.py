"""What each run counted can be listed later, equal to what was printed then."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import pytest

from ..conftest import MakePipeline
from ..pipeline import REPOSITORY, Pipeline

COUNTED = (
    *("mismatch_count", "failing_metric_count", "open_exception_count", "recovered_count"),
    *("dq_ok", "recon_ok"),
)
RELATIONS = {
    "check": "select to_jsonb(gate) - 'dataset' from quality.gate as gate",
    "result": "select to_jsonb(found) - '{dataset,run_id,checked_at}'::text[]"
    " from quality.recon_summary as found where dataset = %(dataset)s",
    "mismatch": "select to_jsonb(found) - '{dataset,run_id,detected_at}'::text[]"
    " from quality.recon_row_mismatches as found where dataset = %(dataset)s",
    "exception": "select jsonb_build_object('entity', entity, 'record_key', record_key,"
    " 'check_id', check_id, 'severity', severity, 'message', message)"
    " from quality.open_exceptions where dataset = %(dataset)s",
}
"""What the figures of a run are of, as it is at its end."""


@dataclass(frozen=True)
class Run:
    """A run as it was printed, and what it counted, seen at its end.

    Attributes:
        added: Rows that it added to the figures.
    """

    said: dict[str, Any]
    seen: dict[str, list[str]]
    added: int


def runner(pipeline: Pipeline, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "runner", *arguments, "--json"],
        cwd=pipeline.root,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "TRUSTGATE_NAMESPACE": pipeline.namespace,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return json.loads(done.stdout)


def sorted_json(rows: list[Any]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def run(pipeline: Pipeline, dataset: str, *options: str) -> Run:
    before = figures_kept(pipeline)
    said = runner(pipeline, "run", "--dataset", dataset, *options)["verdict"]
    seen = {
        kind: sorted_json(
            [
                row
                for (row,) in pipeline.query(
                    f"select jsonb_strip_nulls(found) from ({query}) as rows (found)",
                    {"dataset": dataset},
                )
            ]
        )
        for kind, query in RELATIONS.items()
    }
    return Run(said, seen, figures_kept(pipeline) - before)


def figures_kept(pipeline: Pipeline) -> int:
    """0 before the first run."""
    if not pipeline.value("select to_regclass('quality.run_figures') is not null"):
        return 0
    return int(pipeline.value("select count(*) from quality.run_figures"))


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    return make_pipeline("bad")


@pytest.fixture(scope="module")
def runs(pipeline: Pipeline) -> dict[str, Run]:
    """Runs over three datasets, in order."""
    done = {
        "bad": run(pipeline, "bad"),
        "bad again": run(pipeline, "bad", "--always"),
        "nothing new": run(pipeline, "bad"),
        "good": run(pipeline, "good"),
        "back to bad": run(pipeline, "bad"),
    }
    order = ("S-1", "C-1", "lost", "BRL", "10.00", "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z")
    loaded_at = datetime(2026, 6, 1, tzinfo=timezone.utc)
    pipeline.about("shop").load("orders", [(1, order)], "shop-1", loaded_at)
    done["shop"] = run(pipeline, "shop")
    why = ("--reason", "as the shop says", "--dataset", "bad", "--by", "ada")
    runner(pipeline, "correct", "payments", "P-9105", "method=transfer", *why)
    done["bad corrected"] = run(pipeline, "bad")
    done["good again"] = run(pipeline, "good")
    return done


@pytest.fixture(scope="module")
def reports(pipeline: Pipeline, runs: dict[str, Run]) -> dict[str, dict[str, Any]]:
    """Each run as `runner show` lists it after the last one."""
    return {name: runner(pipeline, "show", done.said["run_id"]) for name, done in runs.items()}


def test_every_figure_of_every_run_is_listed_as_it_was(
    pipeline: Pipeline, runs: dict[str, Run]
) -> None:
    for name, done in runs.items():
        for kind, seen in done.seen.items():
            found = pipeline.query(
                "select figure from quality.figures_of(%s) where kind = %s",
                [done.said["run_id"], kind],
            )
            assert sorted_json([figure for (figure,) in found]) == seen, (name, kind)
        assert done.seen["check"] and done.seen["result"]


def test_a_run_shows_as_many_as_it_counted_and_printed(
    runs: dict[str, Run], reports: dict[str, dict[str, Any]]
) -> None:
    for name, report in reports.items():
        said, counted = runs[name].said, report["run"]
        assert counted["mismatch_count"] == len(report["mismatched"]), name
        assert counted["mismatch_count"] == sum(row["records"] for row in report["mismatches"])
        failing = [row for row in report["reconciliations"] if row["kind"] != "rows"]
        assert counted["failing_metric_count"] == len(failing), name
        assert counted["open_exception_count"] == len(report["exceptions"]), name
        assert counted["recovered_count"] == len(report["recovered"]), name
        assert said["record_count"] == len(report["exceptions"]), name
        assert said["reconciliation_count"] == len(report["reconciliations"]), name
        printed = {(row["check_id"], row["entity"]): row["open_count"] for row in said["checks"]}
        listed = {(row["check_id"], row["entity"]): row["open_count"] for row in report["checks"]}
        assert printed == listed, name
        assert report["totals"]["checks"] == len(said["checks"])
    assert reports["bad"]["run"]["mismatch_count"] > 0
    assert reports["bad corrected"]["run"]["recovered_count"] > 0


def test_a_second_run_lists_what_the_first_one_did(reports: dict[str, dict[str, Any]]) -> None:
    for key in ("rules", "reconciliations", "mismatched", "exceptions", "checks"):
        assert reports["bad"][key] == reports["bad again"][key] == reports["nothing new"][key] != []
        assert reports["back to bad"][key] == reports["bad"][key]
    assert [reports["bad"]["run"][name] for name in COUNTED[:3]] == [
        reports["back to bad"]["run"][name] for name in COUNTED[:3]
    ]


def test_a_run_in_which_nothing_changed_adds_nothing(
    pipeline: Pipeline, runs: dict[str, Run]
) -> None:
    added = {name: done.added for name, done in runs.items()}
    assert added["bad"] > 50
    assert (added["bad again"], added["nothing new"], added["back to bad"]) == (0, 0, 0)
    again = pipeline.query(
        "select distinct coalesce(figure ->> 'check_id', figure ->> 'reconciliation')"
        " from quality.figures_of(%s) as kept where to_jsonb(kept) not in ("
        " select to_jsonb(earlier) from quality.figures_of(%s) as earlier)",
        [runs["good again"].said["run_id"], runs["good"].said["run_id"]],
    )
    assert (again, added["good again"]) == ([("recon_restatement",)], 2), "published in between"
    assert 0 < added["bad corrected"] < added["bad"] / 2


def test_the_gate_is_kept_once(pipeline: Pipeline, runs: dict[str, Run]) -> None:
    """The reading of a dataset's last run has it in full, those before as figures only."""
    assert len(runs) == 8
    assert pipeline.query(
        "select dataset, count(*) filter (where checks <> '[]') from quality.gate_readings"
        " group by dataset order by 1"
    ) == [("bad", 1), ("good", 1), ("shop", 1)]


def test_show_prints_what_it_lists(pipeline: Pipeline, runs: dict[str, Run]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "runner", "show", runs["bad again"].said["run_id"]],
        cwd=pipeline.root,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "TRUSTGATE_NAMESPACE": pipeline.namespace,
            "COLUMNS": "200",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for title in (
        *("Totals", "Checks that shut the gate", "Rules that failed", "Mismatches"),
        *("Reconciliations that failed", "Keys that do not match", "Open exceptions"),
    ):
        assert f"\n{title}\n" in done, done
    assert "P-9105" in done


def kept_runs(pipeline: Pipeline) -> set[str]:
    return {run_id for (run_id,) in pipeline.query("select run_id from quality.pipeline_runs")}


def test_retention_counts_before_it_removes_and_keeps_what_is_within_its_limits(
    pipeline: Pipeline, runs: dict[str, Run], reports: dict[str, dict[str, Any]]
) -> None:
    ids = {name: done.said["run_id"] for name, done in runs.items()}
    everything = kept_runs(pipeline)
    none = runner(pipeline, "retention", "--older-than", "1d", "--keep-runs", "1")
    assert (none["runs"], sum(none["rows"].values())) == (0, 0)
    counted = runner(pipeline, "retention", "--keep-runs", "2")
    assert (counted["is_done"], counted["runs"]) == (False, 3)
    assert kept_runs(pipeline) == everything
    removed = runner(pipeline, "retention", "--keep-runs", "2", "--yes")
    assert removed["rows"] == counted["rows"]
    assert everything - kept_runs(pipeline) == {
        ids[name] for name in ("bad", "bad again", "nothing new")
    }
    for name in ("back to bad", "bad corrected", "good", "good again", "shop"):
        assert runner(pipeline, "show", ids[name]) == reports[name]
    last = runner(pipeline, "retention", "--keep-runs", "1", "--yes")
    assert last["runs"] == 2
    assert kept_runs(pipeline) == {ids[name] for name in ("bad corrected", "good again", "shop")}
    assert pipeline.value(
        "select count(*) from quality.run_figures where until_seq is not null"
    ) == 0  # fmt: skip
    for table in ("pipeline_steps", "test_results", "gate_readings"):
        found = {run for (run,) in pipeline.query(f"select distinct run_id from quality.{table}")}
        assert found and found <= kept_runs(pipeline)
    for name in ("bad corrected", "good again", "shop"):
        assert runner(pipeline, "show", ids[name]) == reports[name]


def test_retention_asks_for_a_limit(pipeline: Pipeline, runs: dict[str, Run]) -> None:
    assert runs
    done = subprocess.run(
        [sys.executable, "-m", "runner", "retention"],
        cwd=pipeline.root,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "TRUSTGATE_NAMESPACE": pipeline.namespace,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Give --older-than AGE" in done.stderr) == (2, True)
