{#- The latest good version of each of the orders, all datasets: what the marts are made of. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='converge',
    unique_key=['_dataset', '_record_key'],
    incremental_predicates=['_record_id is not null'],
    indexes=[
        {'columns': ['_record_key', '_dataset'], 'unique': true},
        {'columns': ['_record_id']},
        {'columns': ['order_id']},
        {'columns': ['_checked_at'], 'type': 'brin'},
    ],
    pre_hook="{{ trustgate.open_window('orders') }}",
    post_hook="{{ trustgate.close_window('orders') }}",
) }}

{{ trustgate.good_records('orders', [
    'order_id', 'customer_id', 'status', 'currency', 'order_total', 'ordered_at', 'updated_at',
]) }}
