"""What a pipeline holds, written so that two histories of the same records can be compared.

Left out is what tells one history from another and is meant to: ids of records and batches, runs,
times of evaluation. A record is named by its row number, which every history of a scenario shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..pipeline import Pipeline

PROVENANCE = ("_record_id", "_batch_id", "_worker_id", "_source_file", "batch_id")
STAMPS = (
    *("_check_seq", "_checked_at", "_run_id", "run_id", "checked_at", "reconciled_at"),
    "detected_at",
)
ENTITIES = ("orders", "payments")
ROW_RECONCILIATIONS = (
    *("recon_payments_orders", "recon_order_totals", "recon_payments_raw_candidate"),
    "recon_daily_revenue",
)
CANDIDATES = ("fct_orders", "fct_payments", "fact_revenue_daily")

Record = Mapping[str, Any]
State = dict[str, list[str]]
"""Rows of each relation as text, sorted."""


def layers(pipeline: Pipeline) -> State:
    """Verdicts, good versions and fates of all datasets."""
    state: State = {}
    for entity in ENTITIES:
        names = _names_of_records(pipeline, entity)
        for relation in (f"staging.base_{entity}", f"staging.stg_{entity}"):
            state[relation] = _comparable(pipeline, f"select * from {relation}", names)
        state[f"fates of {entity}"] = _comparable(
            pipeline,
            f"""
            select dataset, record_id, record_key, row_number, fate
            from quality.record_fates where entity = '{entity}'
            """,
            names,
        )
    return state


def judgement(pipeline: Pipeline) -> State:
    """Candidates, reconciliations, standing exceptions and gate of the active dataset."""
    names = {
        **_names_of_records(pipeline, "orders"),
        **_names_of_records(pipeline, "payments"),
    }
    state = {
        f"candidate.{candidate}": _comparable(
            pipeline, f"select * from candidate.{candidate}", names
        )
        for candidate in CANDIDATES
    }
    for reconciliation in ROW_RECONCILIATIONS:
        state[reconciliation] = _comparable(
            pipeline, f"select * from quality.{reconciliation}", names
        )
    state["links and balances that do not hold"] = _comparable(
        pipeline,
        """
        select * from quality.recon_summary
        where reconciliation in ('recon_chain', 'recon_balance') and not passed
        """,
        names,
    )
    state["exceptions"] = _comparable(
        pipeline,
        """
        select dataset, entity, record_key, check_id, exception_type, severity, message, details
        from quality.open_exceptions where not check_id in ('recon_chain', 'recon_balance')
        """,
        names,
    )
    # How many links and batches there are depends on how often something was loaded.
    state["gate"] = _comparable(
        pipeline,
        """
        select check_id, kind, entity, severity, open_count, suppressed_count, allowed, is_open,
            case when check_id not in ('recon_chain', 'recon_balance') then detail end as detail
        from quality.gate
        """,
        names,
    )
    return state


def marts(pipeline: Pipeline) -> State:
    """What is published, to the last column."""
    return {
        f"marts.{candidate}": sorted(
            str(record)
            for (record,) in pipeline.query(f"select m::text from marts.{candidate} as m")
        )
        for candidate in CANDIDATES
    }


def published(pipeline: Pipeline) -> State:
    """What is published, without stamps."""
    return {
        f"marts.{candidate}": _comparable(pipeline, f"select * from marts.{candidate}", {})
        for candidate in CANDIDATES
    }


def differences(left: State, right: State) -> dict[str, tuple[list[str], list[str]]]:
    """Rows that only one of the two holds, by relation; empty where they are equal."""
    return {
        relation: (
            _without(left.get(relation, []), right.get(relation, [])),
            _without(right.get(relation, []), left.get(relation, [])),
        )
        for relation in sorted(left.keys() | right.keys())
        if left.get(relation) != right.get(relation)
    }


def _without(rows: list[str], others: list[str]) -> list[str]:
    rest = list(rows)
    for row in others:
        if row in rest:
            rest.remove(row)
    return rest


def _names_of_records(pipeline: Pipeline, entity: str) -> dict[str, str]:
    return {
        str(record_id): f"{entity} row {number}"
        for record_id, number in pipeline.query(f"select _record_id, _row_number from raw.{entity}")
    }


def _comparable(pipeline: Pipeline, statement: str, names: Mapping[str, str]) -> list[str]:
    rows = []
    for record in pipeline.records(statement):
        shown = {}
        for column, value in record.items():
            if column in STAMPS or (column in PROVENANCE and "record_id" not in column):
                continue
            shown[column] = names.get(value, value) if isinstance(value, str) else value
        rows.append(str(shown))
    return sorted(rows)
