"""Exceptions that users and other programs log: by the command, by SQL and by the macro."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from ..conftest import MakePipeline
from .conftest import BUILD, Call, Said, Shop, make_shop

CODE = "enrich_payments"
MODEL = """
{{ config(materialized='view', schema='quality', post_hook="{{ log_step() }}") }}
select 1 as priced
"""
MACRO = """
{% macro log_step() -%}
    {{ trustgate.log_exception(
        'orders', 'G-1', 'price_orders', "no price for 'x'", 'pricing', severity='WARNING',
        payload={'price': none, 'tried': 3}, layer='marts', relation='marts.prices'
    ) }}
{%- endmacro %}
"""


@pytest.fixture(scope="module")
def shop(make_pipeline: MakePipeline) -> Shop:
    return make_shop(make_pipeline)


def log(call: Call, *more: str) -> Said:
    return call(
        *("exceptions", "log", "--entity", "payments", "--key", "P-G-1", "--code", CODE),
        *("--message", "no answer from the bank", "--by", "enricher", *more),
    )


def test_a_logged_exception_is_listed_at_once_with_its_payload_and_stack(
    shop: Shop, call: Call, tmp_path: Path
) -> None:
    trace = tmp_path / "trace.txt"
    trace.write_text("File step.py, line 3\nTimeout: 504\n")
    said = log(
        call, "--payload", '{"status": 504}', "--stack-file", str(trace), "--layer", "enriched",
        "--table", "enriched.payments", "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    found = shop.exception(CODE, "P-G-1")
    assert found["exception_id"] == said.json["exception_id"]
    assert (found["status"], found["exception_type"], found["severity"]) == (
        *("NEW", "TRANSFORM_ERROR", "ERROR"),
    )
    assert found["details"] == {"payload": {"status": 504}, "stack": trace.read_text()}
    assert (found["blocked"], found["is_standing"], found["occurrences"]) == (False, True, 1)
    listed = call("exceptions", "list", "--layer", "enriched", "--json").json["exceptions"]
    assert [row["record_key"] for row in listed] == ["P-G-1"]
    shown = call("exceptions", "show", said.json["exception_id"][:8]).out
    assert "Timeout: 504" in shown and "OPENED" in shown
    assert shop.events(said.json["exception_id"]) == [
        ("OPENED", "enricher", None, "NEW", "no answer from the bank")
    ]


def test_logged_again_it_counts_and_resolved_it_opens_again(shop: Shop, call: Call) -> None:
    assert log(call).code == 0
    one = shop.exception(CODE, "P-G-1")
    assert (one["occurrences"], one["episode"]) == (2, 1)
    resolved = call(
        *("exceptions", "resolve", str(one["exception_id"]), "--action", "corrected", "--through"),
        *("--by", "ada"),
    )
    assert resolved.code == 0, resolved.err
    one = shop.exception(CODE, "P-G-1")
    assert (one["status"], one["is_standing"], one["resolved_by"]) == ("RESOLVED", False, "ada")
    assert log(call).code == 0
    one = shop.exception(CODE, "P-G-1")
    assert (one["status"], one["occurrences"], one["episode"]) == ("NEW", 3, 2)
    assert (one["resolved_by"], one["assigned_to"]) == (None, None)
    assert shop.events(str(one["exception_id"]))[-1][:4] == (
        *("REOPENED", "enricher", "RESOLVED", "NEW"),
    )
    assert call("exceptions", "ignore", str(one["exception_id"]), "--through").code == 0
    assert shop.exception(CODE, "P-G-1")["status"] == "IGNORED"


def test_a_run_leaves_it_as_it_is_and_the_gate_too(shop: Shop) -> None:
    before = shop.exception(CODE, "P-G-1")
    shop.pipeline.runs(*BUILD)
    assert shop.exception(CODE, "P-G-1") == before
    assert shop.pipeline.query("select 1 from quality.gate where check_id = %s", [CODE]) == []


def test_the_macro_and_the_function_log_as_the_command_does(shop: Shop) -> None:
    shop.pipeline.write("macros/log_step.sql", MACRO)
    shop.pipeline.write("models/priced.sql", MODEL)
    shop.pipeline.runs("run", "--select", "priced")
    found = shop.exception("price_orders", "G-1")
    assert (found["severity"], found["message"], found["source_table"]) == (
        *("WARNING", "no price for 'x'", "marts.prices"),
    )
    assert found["details"]["payload"]["tried"] == 3
    shop.pipeline.query(
        "select quality.log_exception('shop', 'orders', 'G-1', 'ship_orders', 'no address', 'ship',"
        " payload => %s)",
        [json.dumps({"beyond_cap": 7})],
    )
    assert shop.exception("ship_orders", "G-1")["record_count"] == 1
    for code in ("order_status_known", "recon_order_totals"):
        with pytest.raises(psycopg.errors.InvalidParameterValue, match="is a check of runs"):
            shop.pipeline.query(
                "select quality.log_exception('shop', 'orders', 'G-1', %s, 'x', 'ada')", [code]
            )


def test_what_cannot_be_logged_is_refused_with_a_reason(shop: Shop, call: Call) -> None:
    before = shop.pipeline.value("select count(*) from quality.logged_exceptions")
    given = {"--entity": "orders", "--key": "K", "--code": "mine", "--message": "m", "--by": "ada"}
    for change, words in (
        ({"--code": "order_status_known"}, "is a check of runs"),
        ({"--code": " "}, "The code is empty"),
        ({"--key": ""}, "The key is empty"),
        ({"--message": ""}, "The message is empty"),
        ({"--entity": "order"}, "Similar: orders"),
        ({"--by": "run"}, "is not a valid user name"),
        ({"--payload": "{"}, "The payload is no JSON"),
        ({"--stack-file": "absent.txt"}, "cannot be read"),
    ):
        options = [part for pair in {**given, **change}.items() for part in pair]
        said = call("exceptions", "log", *options)
        assert (said.code, words in said.err) == (2, True), (change, said)
    assert shop.pipeline.value("select count(*) from quality.logged_exceptions") == before
