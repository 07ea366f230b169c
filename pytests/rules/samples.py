"""An entity added to a scratch copy of the project: the rules of `uses`, and their originals."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..pipeline import Pipeline
from .uses import NAMES, OWN_RULES, Use

DATASET = "parity"
VERSIONED = "versions"
"""Dataset whose records share keys and versions, for `no_conflicting_versions`."""

LATER = "later"
"""Dataset of records that come when base stands."""

TYPES = {
    "sample_id": "text",
    "word": "text",
    "code": "text",
    "quantity": "integer",
    "amount": "numeric(12,2)",
    "other_amount": "numeric(12,2)",
    "made_at": "timestamptz",
    "parent_id": "text",
    "note": "text",
    **dict.fromkeys(NAMES, "text"),
    "updated_at": "timestamptz",
}
COLUMNS = tuple(TYPES)


CANDIDATE = """
{{ config(
    materialized='table',
    pre_hook="{{ trustgate.open_window('samples', ['stg_samples'], trustgate.active_dataset()) }}",
    post_hook="{{ trustgate.close_window('samples', trustgate.active_dataset()) }}",
) }}
-- depends_on: {{ ref('layer_progress') }} {{ ref('candidate_changes') }}
select *, 'NOT_RECONCILED'::text as reconciliation_status, now() as reconciled_at
from {{ ref('stg_samples') }}
where _dataset = '{{ trustgate.active_dataset() }}'
"""


def add_samples(pipeline: Pipeline, rules: Iterable[Use]) -> None:
    """Write everything the entity needs into the copy, and the originals beside its base."""
    given = tuple(rules)
    folder = "models/samples"
    landing = [
        {"name": name, "data_type": type_, "description": "-"}
        | ({"constraints": [{"type": "custom", "expression": default}]} if default else {})
        for name, type_, default in (
            ("_batch_id", "text", "default current_setting('trustgate.batch_id', true)"),
            ("_row_number", "bigint", ""),
            ("_worker_id", "integer", "default 0"),
            *((column, "text", "") for column in COLUMNS),
            ("_extra", "jsonb", ""),
        )
    ]
    tests: dict[str | None, list[dict[str, Any]]] = {}
    for use in given:
        tests.setdefault(use.column, []).append(use.test())
    base_meta = {
        "entity": "samples",
        "key": "sample_id",
        "version": "updated_at",
        "rules": [*(use.rule() for use in given), *OWN_RULES],
    }
    models = [
        {
            "name": "landing_samples",
            "config": {"alias": "samples", "meta": {"entity": "samples", "amount": "amount"}},
            "columns": landing,
        },
        {
            "name": "base_samples",
            "config": {"meta": base_meta},
            "data_tests": ["trustgate.rule_examples"],
            "columns": [{"name": name, "data_type": type_} for name, type_ in TYPES.items()],
        },
        {
            "name": "parity_rows",
            "data_tests": tests.get(None, []),
            "columns": [
                {"name": column, "data_tests": found} for column, found in tests.items() if column
            ],
        },
    ]
    pipeline.write(f"{folder}/samples.yml", json.dumps({"version": 2, "models": models}))
    pipeline.write("models/landing/landing_samples.sql", "{{ trustgate.empty_table() }}")
    for layer in ("raw", "staging"):
        for model in sorted((pipeline.root / "models" / layer).glob("*_orders.sql")):
            text = model.read_text().replace("orders", "samples")
            text = text.replace("        {'columns': ['order_id']},\n", "")
            before, _, rest = text.partition("trustgate.received_records(")
            if rest:
                text = f"{before}trustgate.received_records('samples', {list(COLUMNS)}) }}}}"
            before, _, rest = text.partition("trustgate.good_records(")
            if rest:
                text = f"{before}trustgate.good_records('samples', {list(COLUMNS)}) }}}}"
            before, _, rest = text.partition("{{ trustgate.checked_records(")
            if rest:
                text = (
                    before
                    + "-- depends_on: {{ ref('stg_orders') }} {{ ref('base_orders') }}\n"
                    + f"{{{{ trustgate.checked_records('samples', {TYPES}) }}}}"
                )
            pipeline.write(f"models/{layer}/{model.name.replace('orders', 'samples')}", text)
    pipeline.write(
        "models/staging/parity_rows.sql",
        "{{ config(materialized='view') }}\n"
        f"select * from {{{{ ref('base_samples') }}}} where _dataset = '{DATASET}'",
    )
    pipeline.write("models/candidate/candidate_samples.sql", CANDIDATE)
    project = "dbt_project.yml"
    pipeline.edit(project, "entities: [orders, payments]", "entities: [orders, payments, samples]")
    pipeline.edit(
        project,
        "payments: candidate_fct_payments}",
        "payments: candidate_fct_payments, samples: candidate_samples}",
    )
