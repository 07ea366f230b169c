"""The page on the package: followed in a project of its own, and its table of settings."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

import yaml

from .conftest import REPOSITORY, Scratch
from .follow import follow
from .markdown import blocks

PAGE = (REPOSITORY / "docs" / "package.md").read_text(encoding="utf-8")
SETTINGS = REPOSITORY / "package" / "macros" / "sql" / "setting.sql"
REPORT = "{{ config(schema='reports') }} select name from {{ ref('fct_customers') }}"


def test_a_project_that_follows_the_page_publishes_its_first_entity(scratch: Scratch) -> None:
    shop = replace(scratch, root=scratch.root.parent / "shop")
    shop.root.mkdir()
    (scratch.root.parent / "trustgate").symlink_to(scratch.root)
    try:
        assert not follow(PAGE, shop)
        # Models of the project's own keep the schemas that dbt gives them.
        (shop.root / "models" / "names.sql").write_text(REPORT)
        done = shop.run("runner run --dataset incoming")
        assert done.returncode == 0, done.stdout
        found = shop.run("runner db psql -At -c 'select name from public_reports.names order by 1'")
        assert found.stdout.splitlines() == ["Ada", "Ben"]
    finally:
        shop.run("runner db stop")


def test_every_file_of_the_page_is_one_that_a_project_writes() -> None:
    files = [block.file for block in blocks(PAGE) if block.file]
    assert files == [
        *("packages.yml", "dbt_project.yml", "macros/trustgate.sql", "incoming/customers.csv"),
    ]


def test_the_table_lists_each_setting_with_its_default() -> None:
    source = SETTINGS.read_text(encoding="utf-8")
    literal = source[source.index("return({") + len("return(") : source.rindex("})") + 1]
    defaults = ast.literal_eval(re.sub(r"\b(none|true|false)\b", lambda m: m[0].title(), literal))
    table = PAGE[PAGE.index("## Settings") :]
    rows = re.findall(r"^\| `(\w+)` \| .+ \| `(.+)` \|$", table, re.M)
    assert {name: yaml.safe_load(default) for name, default in rows} == defaults
