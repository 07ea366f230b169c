"""Runs of the smallest pipeline, from the command line: decision, exit code, words."""

import json
import signal
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import psycopg
import pytest

from ..workplace import Workplace


def wait_until(condition: object, seconds: float = 30) -> None:
    assert callable(condition)
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_good_opens_the_gate_and_bad_shuts_it_with_words(pipeline: Workplace) -> None:
    good = pipeline.run("run", "--dataset", "good", "--junit", "reports/good.xml")
    assert good.returncode == 0, good.stderr
    assert "Gate OPEN for dataset good" in good.stdout
    assert pipeline.query("select dataset from marts.fct_things") == [("good",)]

    bad = pipeline.run("run", "--dataset", "bad", "--junit", "reports/bad.xml")
    assert bad.returncode == 1, bad.stderr
    for words in (
        "Gate SHUT for dataset bad",
        "rule thing_amount_parses of things: 12 failing, 0 allowed",
        "keys: T-1, T-10, T-11, and 9 more",
        "recon_thing_totals, amount, 2026-11-02, currency BRL",
        "expected 120.00, actual 119.98, difference -0.02, tolerance 0.01",
        "Failing records (10 of 12)",
        "actual 12.5.0, expected numeric(14,2)",
        "runner show ",
    ):
        assert words in bad.stdout
    assert pipeline.query("select dataset from marts.fct_things") == [("good",)]

    suite = ElementTree.parse(pipeline.root / "reports" / "bad.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "1", "0")
    assert (
        ElementTree.parse(pipeline.root / "reports" / "good.xml").getroot().get("failures") == "0"
    )

    rows = pipeline.query(
        "select dataset, command, invoked_by, status, lock_pid is not null from quality.run_history"
        " order by started_at"
    )
    assert rows == [
        ("good", "build", "runner", "passed", True),
        ("bad", "build", "runner", "passed", True),
    ]
    history = json.loads(pipeline.run("history", "--json").stdout)
    assert [run["dataset"] for run in history] == ["bad", "good"]
    listed = pipeline.run("history").stdout
    assert history[0]["run_id"][:8] in listed


def test_json_is_all_there_is_on_stdout(pipeline: Workplace) -> None:
    found = pipeline.run("run", "--dataset", "bad", "--json")
    assert found.returncode == 1
    verdict = json.loads(found.stdout)["verdict"]
    assert (verdict["gate"], verdict["exit_code"], verdict["record_count"]) == ("shut", 1, 12)
    assert verdict["checks"][0]["sample"] == ["T-1", "T-10", "T-11"]
    assert verdict["reconciliations"][0]["discrepancy"] == "-0.02"
    unwritable = pipeline.run("run", "--dataset", "bad", "--json", "--junit", "models")
    assert unwritable.returncode == 3
    assert json.loads(unwritable.stdout)["verdict"]["gate"] == "shut"
    assert "models cannot be written" in unwritable.stderr


@pytest.mark.parametrize(
    ("setting", "code", "words"),
    [
        ("TEST_BROKEN", 3, "Gate NOT EVALUATED"),
        ("TEST_BROKEN_MART", 3, "But dbt could not build fct_things"),
        ("TEST_MISDECLARED", 2, "rule thing_amount_parses: check is 'parse_as'"),
    ],
)
def test_what_breaks_is_named_with_its_exit_code(
    setting: str, code: int, words: str, pipeline: Workplace
) -> None:
    found = pipeline.run("run", **{setting: "1"})
    assert found.returncode == code
    assert words in " ".join((found.stdout + found.stderr).split())
    assert "Traceback" not in found.stderr


def test_a_run_whose_end_dbt_could_not_record_is_on_record_as_it_ended(pipeline: Workplace) -> None:
    for dataset, code in (("good", 0), ("bad", 1)):
        found = pipeline.run("run", "--dataset", dataset, TEST_UNRECORDED="1")
        assert found.returncode == code, found.stderr
    assert pipeline.run("run", TEST_UNRECORDED="1", TEST_BROKEN="1").returncode == 3
    ended = "select status from quality.run_history where finished_at is not null"
    rows = pipeline.query(f"{ended} order by started_at")
    assert rows == [("passed",), ("failed",), ("error",)]


def test_a_selection_without_the_gate_does_not_open_it(pipeline: Workplace) -> None:
    found = pipeline.run("run", "--select", "recon_summary")
    assert found.returncode == 3
    assert "The selection does not include it" in found.stdout


def test_a_selection_that_ends_at_the_gate_publishes_nothing_and_says_so(
    pipeline: Workplace,
) -> None:
    found = pipeline.run("run", "--select", "+gate")
    assert found.returncode == 0, found.stderr
    assert "Gate OPEN for dataset good" in found.stdout
    assert "The selection does not include the marts; nothing was published." in found.stdout
    assert pipeline.query("select to_regclass('marts.fct_things')") == [(None,)]
    whole = json.loads(pipeline.run("run", "--json").stdout)["verdict"]
    assert (whole["published"], whole["reason"]) == (["fct_things"], "The marts are published.")


def test_an_unknown_dataset_is_refused_before_anything_is_built(pipeline: Workplace) -> None:
    found = pipeline.run("run", "--dataset", "ugly")
    assert found.returncode == 2
    assert "There is no dataset ugly" in found.stderr
    assert "Known datasets: bad, good" in found.stderr
    assert pipeline.query("select to_regclass('quality.gate')") == [(None,)]


def test_a_project_that_dbt_cannot_parse_is_refused(pipeline: Workplace) -> None:
    (pipeline.root / "models" / "broken.sql").write_text("select {{ ref('absent') }}")
    found = pipeline.run("run")
    assert found.returncode == 2
    assert "absent" in found.stderr
    assert "Traceback" not in found.stderr
    (pipeline.root / "models" / "broken.sql").unlink()
    (pipeline.root / "models" / "broken.yml").write_text("models: [")
    found = pipeline.run("run")
    assert found.returncode == 2
    assert "broken.yml" in found.stderr
    (pipeline.root / "models" / "broken.yml").unlink()
    (pipeline.root / "models" / "raw_things.sql").write_text(
        "{% for entity in var('entities') %}{{ ref(var('candidates')[entity]) }}{% endfor %}"
    )
    project = pipeline.root / "dbt_project.yml"
    registry = "    entities: [things]\n    candidates: {others: fct_others}\n"
    project.write_text(
        project.read_text().replace("  trustgate:\n", f"  trustgate:\n{registry}", 1)
    )
    found = pipeline.run("run")
    assert found.returncode == 2
    assert "The name argument to ref() must be a string" in found.stderr
    assert (
        "Entity things of the registry lacks model stg_things,"
        " an entry in `candidates`." in found.stderr
    )


def test_a_macro_that_was_broken_and_mended_is_read_again(pipeline: Workplace) -> None:
    macro = pipeline.root / "macros" / "picked.sql"
    written = "{% macro picked() %}select * from {{ ref('recon_summary') }}{% endmacro %}"
    macro.write_text(written)
    (pipeline.root / "models" / "quality" / "picked.sql").write_text("{{ trustgate.picked() }}")
    assert pipeline.run("run").returncode == 0
    macro.write_text(written.replace("{% macro", "{% if macro"))
    assert pipeline.run("run").returncode == 2
    macro.write_text(written)
    mended = pipeline.run("run")
    assert mended.returncode == 0, mended.stderr


def test_files_are_loaded_with_the_run_and_alone(pipeline: Workplace, tmp_path: Path) -> None:
    delivery = tmp_path / "shop"
    delivery.mkdir()
    (delivery / "things.csv").write_text("note,thing_id,amount\nx,T1,1.50\n,,\n\ny,T2,2\n")
    found = pipeline.run("load", str(delivery))
    assert found.returncode == 0, found.stderr
    words = " ".join(found.stdout.split())
    assert "2 records of" in words
    assert "2 blank rows skipped." in words
    again = pipeline.run("run", "--data-dir", str(delivery))
    assert again.returncode == 0, again.stderr
    assert "is loaded already" in " ".join(again.stdout.split())
    assert "Gate OPEN for dataset shop" in again.stdout
    rows = pipeline.query("select _row_number, thing_id, amount from landing.things order by 1")
    assert rows == [(1, "T1", "1.50"), (4, "T2", "2")]
    known = pipeline.run("run", "--dataset", "ugly")
    assert "Known datasets: bad, good, shop" in known.stderr
    commands = pipeline.query("select count(*) from quality.run_history")
    assert commands == [(1,)]


def test_a_bad_file_stops_the_run_before_anything_is_built(
    pipeline: Workplace, tmp_path: Path
) -> None:
    (tmp_path / "things.csv").write_text("thing_id,amount\nT1,1\n")
    found = pipeline.run("run", "--data-dir", str(tmp_path), "--dataset", "shop")
    assert found.returncode == 2
    assert "missing note" in found.stderr
    assert "thing_id, amount, note" in found.stderr
    assert pipeline.query("select to_regclass('quality.gate')") == [(None,)]
    refused = pipeline.run("run", "--data-dir", str(tmp_path / "absent"))
    assert refused.returncode == 2
    assert "does not exist" in refused.stderr


def test_a_second_run_is_refused_while_one_is_under_way(pipeline: Workplace) -> None:
    with psycopg.connect(
        host=pipeline.server.host,
        port=pipeline.server.port,
        user=pipeline.server.user,
        password=pipeline.server.password or None,
        dbname=pipeline.database,
        application_name="the first run",
    ) as first:
        first.execute("select pg_advisory_lock(hashtext('trustgate run'), hashtext(''))")
        found = pipeline.run("run", "--json")
        assert found.returncode == 4
        assert json.loads(found.stdout)["exit_code"] == 4
        assert "the first run" in found.stdout
        assert pipeline.run("run", TRUSTGATE_NAMESPACE="pr_1").returncode == 0
    assert pipeline.query("select to_regclass('pr_1_marts.fct_things') is not null") == [(True,)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_closes_its_record_and_stops_its_statement(
    number: signal.Signals, pipeline: Workplace
) -> None:
    process = pipeline.start("run", TEST_SLEEP="60")
    asleep = (
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and wait_event = 'PgSleep'"
    )
    wait_until(lambda: pipeline.query(asleep) == [(1,)])
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 130, output + errors
    assert "Interrupted" in errors
    assert "Traceback" not in errors
    rows = pipeline.query("select status, finished_at is not null from quality.run_history")
    assert rows == [("error", True)]
    wait_until(lambda: pipeline.query(asleep) == [(0,)], seconds=10)
    assert pipeline.run("run").returncode == 0


def test_an_interrupted_load_with_a_run_leaves_nothing(pipeline: Workplace, tmp_path: Path) -> None:
    (tmp_path / "things.csv").write_text("thing_id,amount,note\nT1,1,x\n")
    assert pipeline.run("load", str(tmp_path), "--dataset", "first").returncode == 0
    with pipeline.server.connect(pipeline.database) as blocker, blocker.transaction():
        blocker.execute("lock table landing.things in access exclusive mode")
        process = pipeline.start("load", str(tmp_path), "--dataset", "second")
        waiting = "select count(*) from pg_locks where not granted"
        wait_until(lambda: pipeline.query(waiting) == [(1,)])
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 130, output + errors
    loaded = "select dataset from quality.batches where status in ('LOADED', 'HELD')"
    assert pipeline.query(loaded) == [("first",)]
    assert pipeline.query("select count(*) from landing.things") == [(1,)]


def test_a_killed_runs_statement_is_waited_for(pipeline: Workplace) -> None:
    with pipeline.server.connect(pipeline.database) as old:
        old.execute(
            "select pg_advisory_lock(hashtext('trustgate models '), hashtext('raw.things'))"
        )
        process = pipeline.start("run")
        assert process.stderr is not None
        said = ""
        while "Waiting for a statement of an earlier run to end" not in said:
            line = process.stderr.readline()
            assert line, said
            said += line
    process.communicate(timeout=120)
    assert process.returncode == 0


def test_a_run_is_shown_by_the_start_of_its_id(pipeline: Workplace) -> None:
    empty = pipeline.run("history")
    assert (empty.returncode, "There is no run yet" in empty.stdout) == (0, True)
    assert pipeline.run("show", "abc").returncode == 2
    assert pipeline.run("run").returncode == 0
    ((run_id,),) = pipeline.query("select run_id from quality.run_history")
    pipeline.query(
        "insert into quality.pipeline_steps values"
        f" ('{run_id}', 'model.trustgate.gate', 'error', null, 1.5, 'it {'very ' * 40}broke')"
    )
    shown = pipeline.run("show", str(run_id)[:8])
    assert shown.returncode == 0, shown.stderr
    assert str(run_id) in shown.stdout
    assert "Nodes with errors" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80
    assert " ".join(shown.stdout.split()).count("very") == 40
    report = json.loads(pipeline.run("show", str(run_id), "--json").stdout)
    assert report["run"]["run_id"] == run_id
    pipeline.query("insert into quality.pipeline_runs select * from quality.pipeline_runs")
    doubled = pipeline.run("show", str(run_id)[:8])
    assert (doubled.returncode, "More than one run" in doubled.stderr) == (2, True)


def test_psql_and_url_reach_the_configured_database(pipeline: Workplace) -> None:
    found = pipeline.run("db", "psql", "-At", "-c", "select current_database()")
    assert found.stdout.strip() == pipeline.database
    url = pipeline.run("db", "url", "--with-password").stdout.strip()
    with psycopg.connect(url) as connection:
        assert connection.info.dbname == pipeline.database


def test_doctor_names_what_is_wrong_and_how_to_mend_it(pipeline: Workplace) -> None:
    assert pipeline.run("run").returncode == 0
    pipeline.query("update quality.pipeline_runs set status = 'abandoned'")
    found = pipeline.run("doctor")
    assert found.returncode == 0, found.stdout
    assert "warn  runs: 1 abandoned" in found.stdout
    (pipeline.root / "packages.yml").write_text("packages: [{package: somebody/something}]")
    (pipeline.root / "models" / "staging" / "base_things.sql").write_text(
        "{{ exceptions.raise_compiler_error('rule x: no such check') if execute }} select 1 as a"
    )
    broken = pipeline.run("doctor", "--json")
    assert broken.returncode == 2
    findings = {one["check"]: one for one in json.loads(broken.stdout)}
    assert findings["packages"]["remedy"] == "Run `runner deps`."
    assert findings["connection"]["status"] == "ok"
    (pipeline.root / "packages.yml").unlink()
    rules = {one["check"]: one for one in json.loads(pipeline.run("doctor", "--json").stdout)}[
        "rules"
    ]
    assert rules["status"] == "fail"
    assert "rule x: no such check" in rules["found"]


def test_nothing_is_said_twice_when_dbt_is_quiet(pipeline: Workplace) -> None:
    found = pipeline.run("run")
    assert "Running with dbt" not in found.stdout + found.stderr
    assert (pipeline.root / "logs" / "dbt.log").is_file()
    assert isinstance(found, subprocess.CompletedProcess)
