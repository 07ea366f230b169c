{#- Every record of payments ever received, as received: evidence, never updated, never dropped. -#}
{{ config(
    alias='payments',
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
    post_hook="{{ trustgate.empty_landing('payments') }}",
) }}

{{ trustgate.received_records('payments', [
    'payment_id', 'order_id', 'method', 'amount', 'currency', 'status', 'paid_at', 'updated_at',
]) }}
