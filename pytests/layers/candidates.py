"""Whether candidates and reconciliations hold what stg says, asked of the whole at once.

An increment looks again at what changed only; what it overlooks shows here, after any run.
"""

from __future__ import annotations

from ..database import Row
from ..pipeline import Pipeline

PAID = """
    select order_id, count(*)::integer as payment_count, sum(amount) as paid_total
    from staging.stg_payments
    where _dataset = '{dataset}' and status = 'captured'
    group by order_id
"""
QUESTIONS = {
    "days": (
        "select revenue_date, currency, payment_count::integer, revenue"
        " from candidate.fact_revenue_daily",
        """
        select (paid_at at time zone 'UTC')::date, currency, count(*)::integer, sum(amount)
        from staging.stg_payments
        where _dataset = '{dataset}' and status = 'captured'
            and paid_at is not null and currency is not null
        group by 1, 2
        """,
    ),
    "orders": (
        "select order_id, payment_count::integer, paid_total from candidate.fct_orders",
        f"""
        select orders.order_id, coalesce(payment_count, 0), paid_total
        from staging.stg_orders as orders left join ({PAID}) as paid using (order_id)
        where _dataset = '{{dataset}}'
        """,
    ),
    "mismatched totals": (
        "select record_key from quality.recon_order_totals where not is_summary",
        f"""
        select orders._record_key
        from staging.stg_orders as orders join ({PAID}) as paid using (order_id)
        where _dataset = '{{dataset}}' and abs(order_total - paid_total) > 0.01
        """,
    ),
    "compared totals": (
        "select compared from quality.recon_order_totals where is_summary",
        f"""
        select count(*)
        from staging.stg_orders as orders join ({PAID}) as paid using (order_id)
        where _dataset = '{{dataset}}' and order_total is not null
        """,
    ),
}
"""What is held, and what it is to be."""


def overlooked(pipeline: Pipeline) -> dict[str, list[Row]]:
    """Rows of candidates and reconciliations that are held or ought to be, not both."""
    found = {}
    for name, (held, right) in QUESTIONS.items():
        right = right.format(dataset=pipeline.dataset)
        found[name] = pipeline.query(
            f"(({held}) except ({right})) union all (({right}) except ({held}))"
        )
    return {name: rows for name, rows in found.items() if rows}
