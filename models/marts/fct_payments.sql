{#- Published payments: its candidate, while the gate is open. -#}
{{ config(
    unique_key='payment_id',
    incremental_predicates=['_dataset is not null'],
    indexes=[{'columns': ['payment_id'], 'unique': true}, {'columns': ['reconciled_at'], 'type': 'brin'}],
    pre_hook="{{ trustgate.open_publication('candidate_fct_payments') }}",
    post_hook="{{ trustgate.close_publication('candidate_fct_payments') }}",
) }}

{{ trustgate.published_rows(
    'candidate_fct_payments',
    key=['payment_id'],
    columns=[
        'order_id',
        'customer_id',
        'method',
        'amount',
        'currency',
        'status',
        'paid_at',
        'updated_at',
        'dq_status',
        'dq_score',
        'reconciliation_status',
        'reconciled_at',
        '_dataset',
    ],
) }}
