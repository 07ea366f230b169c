{#- Every posting ever received, as received: evidence, never updated, never dropped. -#}
{{ config(
    alias='postings',
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    sql_header=trustgate.parallel_plan(),
    indexes=[{'columns': ['_record_id'], 'unique': true}, {'columns': ['_batch_id']}],
    post_hook="{{ trustgate.empty_landing('postings') }}",
) }}

{{ trustgate.received_records('postings', [
    'batch_number', 'sequence_number', 'account', 'product_code', 'side', 'amount', 'transaction_date',
]) }}
