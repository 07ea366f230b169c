{#- The latest good version of each posting, all datasets. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='converge',
    unique_key=['_dataset', '_record_key'],
    incremental_predicates=['_record_id is not null'],
    indexes=[
        {'columns': ['_record_key', '_dataset'], 'unique': true},
        {'columns': ['_record_id']},
    ],
    pre_hook="{{ trustgate.open_window('postings') }}",
    post_hook="{{ trustgate.close_window('postings') }}",
) }}

{{ trustgate.good_records('postings', [
    'batch_number', 'sequence_number', 'account', 'product_code', 'side', 'amount', 'transaction_date',
]) }}
