"""Installed in a project that has registered no entity, the package changes nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ..database import Database, scratch_database
from .shop import Built, Shop

PARTS = (
    *("nodes", "sources", "exposures", "metrics", "groups", "unit_tests"),
    *("parent_map", "child_map"),
)
RECONCILIATIONS = {
    "recon_orders": """\
{{ trustgate.reconcile_rows('stg_orders', 'fct_orders', key='order_id', compare=['state']) }}
""",
    "recon_days": """\
{{ trustgate.reconcile_metrics(
    source={'relation': 'stg_orders'},
    target={'relation': 'fct_orders', 'where': "side.state <> 'returned'"},
    grain=['ordered_on'],
    metrics={'orders': {'source': 'count(*)', 'target': 'count(*)'}},
    date='ordered_on',
) }}
""",
    "recon_amounts": """\
{% call trustgate.business_rule(key='order_id', tolerance='0.01') %}
    select order_id, 20.00 as expected_value, amount as actual_value from {{ ref('fct_orders') }}
{% endcall %}
""",
}


@contextmanager
def shop_in(server: Database, folder: Path) -> Iterator[Shop]:
    """The project in an empty database, which has the same name each time."""
    with scratch_database(server, f"trustgate_shop_{os.getpid()}") as database:
        yield Shop.at(folder / "shop", database)


@pytest.fixture
def shop(project_server: Database, tmp_path: Path) -> Iterator[Shop]:
    with shop_in(project_server, tmp_path) as shop:
        yield shop


def differences(one: Built, other: Built) -> list[tuple[str, Any, Any]]:
    """Where dbt knows something else of the project, but for when it came to know it."""
    declared, known = _declared(one), _declared(other)
    return [
        (name, declared.get(name), known.get(name))
        for name in sorted(declared.keys() | known.keys())
        if declared.get(name) != known.get(name)
    ]


def _declared(built: Built) -> dict[str, Any]:
    return {
        f"{part} {name} {field}": value
        for part in PARTS
        for name, node in built.manifest[part].items()
        for field, value in (node if isinstance(node, dict) else {"": node}).items()
        if field != "created_at"
    }


def test_a_project_without_entities_builds_the_same_with_the_package_as_without(
    project_server: Database, tmp_path: Path
) -> None:
    with shop_in(project_server, tmp_path) as shop:
        plain, relations = shop.build(), shop.relations()
    assert plain.exit_code == 1
    found = {status for status, _ in plain.statuses.values()}
    assert found == {"success", "pass", "warn", "fail"}
    assert len(relations["public.fct_orders"][1]) == 3
    with shop_in(project_server, tmp_path) as shop:
        shop.install()
        installed = shop.build()
        assert not differences(installed, plain)
        assert installed.statuses == plain.statuses
        assert installed.warnings == plain.warnings
        assert installed.exit_code == plain.exit_code
        assert shop.relations() == relations


def test_reconciliations_are_plain_selects_in_a_project_without_entities(shop: Shop) -> None:
    shop.install()
    shop.write("models/shop.yml", "")  # a test that fails would have them skipped
    for name, text in RECONCILIATIONS.items():
        shop.write(f"models/checks/{name}.sql", text)
    built = shop.build()
    for name in RECONCILIATIONS:
        node = built.manifest["nodes"][f"model.shop.{name}"]
        assert built.statuses[node["unique_id"]] == ("success", None)
        assert (node["schema"], node["config"]["materialized"]) == ("public", "view")
        assert not node["config"]["meta"]
    assert mismatches(shop, "recon_orders") == {("4", "SOURCE_ONLY")}
    assert mismatches(shop, "recon_days") == {
        *(("2026-01-01", "SOURCE_ONLY"), ("2026-01-05", "SOURCE_ONLY")),
    }
    assert mismatches(shop, "recon_amounts") == {("1", "MISMATCHED"), ("3", "MISMATCHED")}
    # Each is asked anew of what is there now.
    with shop.database.connect() as connection:
        connection.execute(
            "update fct_orders set state = 'lost', amount = 20.00 where order_id = 3"
        )
    assert mismatches(shop, "recon_orders") == {("3", "MISMATCHED"), ("4", "SOURCE_ONLY")}
    assert mismatches(shop, "recon_amounts") == {("1", "MISMATCHED")}


def mismatches(shop: Shop, name: str) -> set[tuple[str, str]]:
    """Key and status of what does not match; there must be one summary beside it."""
    rows = [json.loads(row) for row in shop.rows("public", name)]
    assert [row["reconciliation"] for row in rows if row["is_summary"]] == [name]
    return {(row["record_key"], row["match_status"]) for row in rows if not row["is_summary"]}
