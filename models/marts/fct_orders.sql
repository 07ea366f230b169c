{#- Published orders: its candidate, while the gate is open. -#}
{{ config(
    unique_key='order_id',
    incremental_predicates=['_dataset is not null'],
    indexes=[{'columns': ['order_id'], 'unique': true}, {'columns': ['reconciled_at'], 'type': 'brin'}],
    pre_hook="{{ trustgate.open_publication('candidate_fct_orders') }}",
    post_hook="{{ trustgate.close_publication('candidate_fct_orders') }}",
) }}

{{ trustgate.published_rows(
    'candidate_fct_orders',
    key=['order_id'],
    columns=[
        'customer_id',
        'status',
        'currency',
        'order_total',
        'paid_total',
        'payment_count',
        'ordered_at',
        'updated_at',
        'dq_status',
        'dq_score',
        'reconciliation_status',
        'reconciled_at',
        '_dataset',
    ],
) }}
