{#- Revenue of each day as received against the day as it would be published: quarantined payments appear as drift. -#}
{{ trustgate.reconcile_metrics(
    source={
        'relation': 'base_payments',
        'entity': 'payments',
        'records': 'latest',
        'where': "side.status = 'captured' and side.amount is not null and side.paid_at is not null and side.currency is not null",
    },
    target={'relation': 'candidate_fact_revenue_daily', 'entity': 'payments'},
    grain={
        'revenue_date': {'source': "(side.paid_at at time zone 'UTC')::date", 'target': 'side.revenue_date'},
        'currency': {'source': 'side.currency', 'target': 'side.currency'},
    },
    metrics={
        'payment_count': {'source': 'count(*)', 'target': 'sum(side.payment_count)'},
        'revenue': {'source': 'sum(side.amount)', 'target': 'sum(side.revenue)', 'tolerance': '0.01'},
    },
    date='revenue_date',
) }}
