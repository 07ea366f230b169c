{#- Days already published whose revenue would change: a mismatch until a user accepts it. -#}
{{ trustgate.reconcile_metrics(
    source={'relation': 'published_revenue_daily'},
    target={'relation': 'candidate_fact_revenue_daily'},
    grain=['revenue_date', 'currency'],
    metrics={
        'payment_count': {'source': 'sum(side.payment_count)', 'target': 'sum(side.payment_count)'},
        'revenue': {'source': 'sum(side.revenue)', 'target': 'sum(side.revenue)', 'tolerance': '0.01'},
    },
    date='revenue_date',
    orphans='source',
) }}
