{#- Payments, typed, with the verdict of twelve rules. -#}
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
        {'columns': ['purchase_id']},
        {'columns': ['reference']},
    ],
    pre_hook=[
        "{{ trustgate.open_evaluation('charges') }}",
        "{{ trustgate.open_window('purchases', upstream=['stg_purchases']) }}",
    ],
    post_hook="{{ trustgate.close_window('purchases') }}",
) }}

-- depends_on: {{ ref('stg_purchases') }} {{ ref('base_purchases') }}
{{ trustgate.checked_records(
    entity='charges',
    columns={
        'charge_id': 'text',
        'purchase_id': 'text',
        'reference': 'text',
        'method': 'text',
        'amount': 'numeric(14,2)',
        'currency': 'text',
        'payer_email': 'text',
        'status': 'text',
        'paid_at': 'timestamptz',
    },
) }}
