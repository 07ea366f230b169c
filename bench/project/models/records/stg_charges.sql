{#- The latest good version of each of the charges. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='converge',
    unique_key=['_dataset', '_record_key'],
    incremental_predicates=['_record_id is not null'],
    indexes=[
        {'columns': ['_record_key', '_dataset'], 'unique': true},
        {'columns': ['_record_id']},
    ],
    pre_hook="{{ trustgate.open_window('charges') }}",
    post_hook="{{ trustgate.close_window('charges') }}",
) }}

{{ trustgate.good_records('charges', ['charge_id', 'purchase_id', 'reference', 'method', 'amount', 'currency', 'payer_email', 'status', 'paid_at']) }}
