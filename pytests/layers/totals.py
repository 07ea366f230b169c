"""What `quality.layer_totals` and `quality.rule_totals` say against what the layers hold.

Counted here from the layers themselves, with fates from `record_fates`: not by the macros that keep
the totals.
"""

from __future__ import annotations

from ..pipeline import Pipeline

AMOUNTS = {"orders": "order_total", "payments": "amount"}
CANDIDATES = {"orders": "fct_orders", "payments": "fct_payments"}
HASHES = """
    sum(('x' || left(layer._checksum, 16))::bit(64)::bigint::numeric),
    sum(('x' || right(layer._checksum, 16))::bit(64)::bigint::numeric)
"""
MEASURES = f"""
    count(*),
    coalesce(sum({{amount}}), 0),
    {{received}},
    {HASHES}
"""


def differing_totals(pipeline: Pipeline) -> dict[str, list[object]]:
    """Groups that stand with other figures, or on one side only, by layer; empty where all agree.

    A layer without totals was not counted yet, which is not a difference.
    """
    found: dict[str, list[object]] = {}
    for layer, counted in _counts().items():
        if not pipeline.query("select from quality.layer_totals where layer = %s", [layer]):
            continue
        kept = f"""
            select dataset, batch_id, worker_id, is_latest, dq_status, fate, sum(record_count),
                sum(amount_total), sum(amount_received), sum(hash_high), sum(hash_low)
            from quality.layer_totals where layer = '{layer}'
            group by dataset, batch_id, worker_id, is_latest, dq_status, fate
        """
        found[layer] = _differing(pipeline, kept, counted)
    for entity, amount in AMOUNTS.items():
        found[f"promoted {entity}"] = _differing(
            pipeline,
            f"""
            select dataset, batch_id, worker_id, sum(record_count), sum(amount_total),
                sum(hash_high), sum(hash_low)
            from quality.layer_totals where layer = 'base_{entity}' and fate = 'PROMOTED'
            group by dataset, batch_id, worker_id
            """,
            f"""
            select layer._dataset, layer._batch_id, layer._worker_id, count(*)::numeric,
                coalesce(sum(layer.{amount}), 0), {HASHES}
            from staging.stg_{entity} as layer
            group by 1, 2, 3
            """,
        )
        kept = f"""
            select dataset, batch_id, rule_id, record_count::numeric
            from quality.rule_totals where layer = 'base_{entity}'
        """
        counted = f"""
            select layer._dataset, layer._batch_id, rule_id, count(*)::numeric
            from staging.base_{entity} as layer
            cross join lateral unnest(layer._dq_failed || layer._dq_warned) as rule_id
            where layer._is_latest
            group by 1, 2, 3
        """
        found[f"rules of {entity}"] = _differing(pipeline, kept, counted)
    return {layer: rows for layer, rows in found.items() if rows}


def _differing(pipeline: Pipeline, kept: str, counted: str) -> list[object]:
    """Rows of one of two queries only, each with which it is."""
    return list(
        pipeline.query(
            f"select 'kept', * from (({kept}) except all ({counted})) as kept "
            f"union all select 'counted', * from (({counted}) except all ({kept})) as counted"
        )
    )


def _counts() -> dict[str, str]:
    """SQL of the figures of each layer, by name of the layer."""
    counts = {}
    for entity, amount in AMOUNTS.items():
        raw = MEASURES.format(
            amount=f"quality.try_numeric(layer.{amount}, 'numeric(14,2)', 12, 2)",
            received=(
                f"coalesce(sum(quality.try_numeric(layer.{amount}, 'numeric', 131072, 16383)), 0)"
            ),
        )
        counts[f"raw_{entity}"] = f"""
            select layer._dataset, layer._batch_id, layer._worker_id, null::boolean, null::text,
                null::text, {raw}
            from raw.{entity} as layer
            group by 1, 2, 3
        """
        received = f"coalesce(sum(quality.try_numeric(raw.{amount}, 'numeric(14,2)', 12, 2)), 0)"
        measures = MEASURES.format(amount=f"layer.{amount}", received=received)
        counts[f"base_{entity}"] = f"""
            select layer._dataset, layer._batch_id, layer._worker_id, layer._is_latest,
                layer._dq_status, fates.fate, {measures}
            from staging.base_{entity} as layer
            inner join quality.record_fates as fates
                on layer._record_id = fates.record_id and fates.entity = '{entity}'
            inner join raw.{entity} as raw on layer._record_id = raw._record_id
            group by 1, 2, 3, 4, 5, 6
        """
        candidate = CANDIDATES[entity]
        measures = MEASURES.format(amount=f"layer.{amount}", received="null::numeric")
        counts[f"candidate_{candidate}"] = f"""
            select layer._dataset, layer._batch_id, layer._worker_id, null::boolean, null::text,
                'PROMOTED', {measures}
            from candidate.{candidate} as layer
            group by 1, 2, 3
        """
    return counts
