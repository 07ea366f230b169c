{#- The latest good version of each of the purchases. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='converge',
    unique_key=['_dataset', '_record_key'],
    incremental_predicates=['_record_id is not null'],
    indexes=[
        {'columns': ['_record_key', '_dataset'], 'unique': true},
        {'columns': ['_record_id']},
    ],
    pre_hook="{{ trustgate.open_window('purchases') }}",
    post_hook="{{ trustgate.close_window('purchases') }}",
) }}

{{ trustgate.good_records('purchases', ['purchase_id', 'customer_id', 'ordered_at']) }}
