{#- Parents of the charges. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='converge',
    unique_key='_record_id',
    sql_header=trustgate.parallel_plan(),
    indexes=[
        {'columns': ['_record_id'], 'unique': true},
        {'columns': ['_record_key']},
        {'columns': ['_batch_id']},
        {'columns': ['_check_seq']},
        {'columns': ['_dq_status']},
        {'columns': ['_rules_version']},
    ],
    pre_hook="{{ trustgate.open_evaluation('purchases') }}",
) }}

{{ trustgate.checked_records(
    entity='purchases',
    columns={
        'purchase_id': 'text',
        'customer_id': 'text',
        'ordered_at': 'timestamptz',
    },
) }}
