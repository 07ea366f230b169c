{#- Every record of orders ever received, as received: evidence, never updated, never dropped. -#}
{{ config(
    alias='orders',
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    sql_header=trustgate.parallel_plan(),
    indexes=[
        {'columns': ['_record_id'], 'unique': true},
        {'columns': ['_batch_id']},
        {'columns': ['_dataset'], 'type': 'brin'},
    ],
    pre_hook="{{ trustgate.add_missing_columns({'_extra': 'jsonb'}) }}",
    post_hook="{{ trustgate.empty_landing('orders') }}",
) }}

{{ trustgate.received_records('orders', [
    'order_id', 'customer_id', 'status', 'currency', 'order_total', 'ordered_at', 'updated_at',
]) }}
