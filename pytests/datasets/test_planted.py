"""The planted cases: the list, the second opinion without SQL, and the documentation agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..oracle import WARNINGS, expected_findings
from ..pipeline import REPOSITORY
from .conftest import Planted

LOADED_AT = datetime(2026, 5, 1, tzinfo=timezone.utc)
"""After the last update in the bundled datasets, years before anything in them is too old."""
RECONCILIATIONS = {"recon_payments_orders", "recon_order_totals", "recon_daily_revenue"}
SeedFile = Callable[[str, str], Path]


def declared_rules() -> dict[str, str]:
    """Severity of each rule of orders and payments, by id."""
    severities: dict[str, str] = {}
    for entity in ("orders", "payments"):
        path = REPOSITORY / "models" / entity / f"{entity}.yml"
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        (base,) = [model for model in content["models"] if model["name"] == f"base_{entity}"]
        for rule in base["config"]["meta"]["rules"]:
            severities[rule["id"]] = rule.get("severity", "error")
    return severities


def test_no_case_is_planted_twice(planted: list[Planted]) -> None:
    assert [case for case, count in Counter(planted).items() if count > 1] == []


def test_oracle_finds_in_bad_what_is_planted(planted: list[Planted], seed_file: SeedFile) -> None:
    found = expected_findings(
        seed_file("bad", "orders"), seed_file("bad", "payments"), loaded_at=LOADED_AT
    )
    assert found == {(case.entity, case.record_key, case.check_id) for case in planted}


def test_oracle_finds_nothing_in_good(seed_file: SeedFile) -> None:
    files = seed_file("good", "orders"), seed_file("good", "payments")
    assert expected_findings(*files, loaded_at=LOADED_AT) == set()


@pytest.mark.parametrize("entity", ["orders", "payments"])
def test_bad_begins_with_every_row_of_good(entity: str, seed_file: SeedFile) -> None:
    good, bad = (seed_file(dataset, entity).read_bytes() for dataset in ("good", "bad"))
    assert bad.startswith(good)


def test_every_declared_rule_and_reconciliation_is_hit(planted: list[Planted]) -> None:
    hit = {case.check_id: case.severity for case in planted if case.kind == "rule"}
    assert hit == declared_rules()
    assert {case.check_id for case in planted if case.kind == "reconciliation"} == RECONCILIATIONS


def test_oracle_and_yaml_agree_on_warnings() -> None:
    assert {rule for rule, severity in declared_rules().items() if severity == "warn"} == WARNINGS


def test_documentation_names_each_planted_key_and_check(planted: list[Planted]) -> None:
    text = (REPOSITORY / "docs" / "datasets.md").read_text(encoding="utf-8")
    names = {name for case in planted for name in (case.record_key, case.check_id) if name}
    assert {name for name in names if f"`{name.replace('|', chr(92) + '|')}`" not in text} == set()


def test_documentation_counts_the_findings(planted: list[Planted]) -> None:
    text = (REPOSITORY / "docs" / "datasets.md").read_text(encoding="utf-8")
    kinds = Counter((case.kind, case.severity) for case in planted)
    assert (
        f"{len(planted)} findings: {kinds['rule', 'error']} failures and {kinds['rule', 'warn']} "
        f"warnings of rules, {kinds['reconciliation', 'error']} mismatches of reconciliations"
    ) in text
