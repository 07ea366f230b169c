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


MODELS = {
    "landing_samples": "{{ trustgate.landing() }}",
    "raw_samples": "{{ trustgate.raw() }}",
    "base_samples": "{{ trustgate.base(parents=['orders']) }}",
    "stg_samples": "{{ trustgate.stg() }}",
    "candidate_samples": """
{{ trustgate.candidate(of='samples', key='sample_id') }}
select *, 'NOT_RECONCILED'::text as reconciliation_status, now() as reconciled_at
from {{ trustgate.promoted('samples') }} as samples
""",
    "parity_rows": f"""
{{{{ config(materialized='view', schema='staging') }}}}
select * from {{{{ ref('base_samples') }}}} where _dataset = '{DATASET}'
""",
}


def add_samples(pipeline: Pipeline, rules: Iterable[Use]) -> None:
    """Write everything the entity needs into the copy, and the originals beside its base."""
    given = tuple(rules)
    tests: dict[str | None, list[dict[str, Any]]] = {}
    for use in given:
        tests.setdefault(use.column, []).append(use.test())
    meta = {
        "entity": "samples",
        "key": "sample_id",
        "version": "updated_at",
        "amount": "amount",
        "unknown_columns": "keep",
        "rules": [*(use.rule() for use in given), *OWN_RULES],
    }
    models = [
        {
            "name": "base_samples",
            "config": {"meta": meta},
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
    pipeline.write("models/samples/samples.yml", json.dumps({"version": 2, "models": models}))
    for name, text in MODELS.items():
        pipeline.write(f"models/samples/{name}.sql", text)
    project = "dbt_project.yml"
    pipeline.edit(project, "entities: [orders, payments]", "entities: [orders, payments, samples]")
    pipeline.edit(
        project,
        "payments: candidate_fct_payments}",
        "payments: candidate_fct_payments, samples: candidate_samples}",
    )
