{#- Published postings: its candidate, while the gate is open. -#}
{{ config(
    unique_key=['batch_number', 'sequence_number'],
    incremental_predicates=['_dataset is not null'],
    pre_hook="{{ trustgate.open_publication('candidate_fct_postings') }}",
    post_hook="{{ trustgate.close_publication('candidate_fct_postings') }}",
) }}

{{ trustgate.published_rows(
    'candidate_fct_postings',
    key=['batch_number', 'sequence_number'],
    columns=[
        'account', 'product_code', 'side', 'amount', 'transaction_date', 'dq_status', 'dq_score',
        'reconciliation_status', 'reconciled_at', '_dataset',
    ],
) }}
