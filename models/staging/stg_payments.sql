{#- The latest good version of each of the payments, all datasets: what the marts are made of. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='converge',
    unique_key=['_dataset', '_record_key'],
    incremental_predicates=['_record_id is not null'],
    indexes=[
        {'columns': ['_record_key', '_dataset'], 'unique': true},
        {'columns': ['_record_id']},
        {'columns': ['_checked_at'], 'type': 'brin'},
        {'columns': ['order_id']},
    ],
    pre_hook="{{ trustgate.open_window('payments') }}",
    post_hook="{{ trustgate.close_window('payments') }}",
) }}

{{ trustgate.good_records('payments', [
    'payment_id', 'order_id', 'method', 'amount', 'currency', 'status', 'paid_at', 'updated_at',
]) }}
