{#- Published revenue of each day and currency: its candidate, while the gate is open. -#}
{{ config(
    unique_key=['revenue_date', 'currency'],
    incremental_predicates=['_dataset is not null'],
    indexes=[{'columns': ['revenue_date', 'currency'], 'unique': true}],
    pre_hook="{{ trustgate.open_publication('candidate_fact_revenue_daily') }}",
    post_hook="{{ trustgate.close_publication('candidate_fact_revenue_daily') }}",
) }}

{{ trustgate.published_rows(
    'candidate_fact_revenue_daily',
    key=['revenue_date', 'currency'],
    columns=[
        'payment_count',
        'order_count',
        'revenue',
        'dq_status',
        'dq_score',
        'reconciliation_status',
        'reconciled_at',
        '_dataset',
    ],
) }}
