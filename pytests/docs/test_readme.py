"""The figures that the README shows of `bad`, against the planted cases."""

from __future__ import annotations

import csv
import re

from .conftest import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_the_readme_shows_the_figures_of_the_planted_cases() -> None:
    with (REPOSITORY / "pytests" / "expected_bad.csv").open(encoding="utf-8") as file:
        cases = [case for case in csv.DictReader(file) if case["dataset"] == "bad"]
    failing = [case for case in cases if case["severity"] == "error"]
    payments = [case for case in failing if case["entity"] == "payments" and case["kind"] == "rule"]
    shut = {case["check_id"] for case in failing}
    entities = {case["entity"] for case in failing if case["kind"] == "rule"}
    orphans = [case for case in failing if case["check_id"] == "payment_order_exists"]
    shown = {
        "checks shut it": len(shut) + len(entities),
        "payments_failed_records of payments:": len({case["record_key"] for case in payments}),
        "payment_order_exists of payments:": len(orphans),
    }
    for words, count in shown.items():
        assert re.search(rf"{words} {count} failing|\b{count} {words}", README), (words, count)


def test_the_readme_counts_as_many_checks_as_the_walkthrough_that_is_run() -> None:
    walkthrough = (REPOSITORY / "docs" / "walkthrough.md").read_text(encoding="utf-8")
    counted = re.compile(r"\b(?:All|of) (\d+) checks\b")
    assert set(counted.findall(README)) == set(counted.findall(walkthrough))


def test_every_folder_of_the_tree_is_in_the_readme() -> None:
    table = README[README.index("## What is where") :]
    folders = {path.name for path in REPOSITORY.iterdir() if path.is_dir()}
    ours = folders & {
        *("models", "macros", "package", "seeds", "snapshots"),
        *("runner", "pytests", "bench", "stand_in", "docs", "console"),
    }
    assert not {folder for folder in ours if f"`{folder}" not in table}
