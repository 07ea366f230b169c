{#- Every record of payments, typed, with its verdict; the rules are in base_payments.yml. -#}
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
        {'columns': ['_checked_at'], 'type': 'brin'},
        {'columns': ['_dataset'], 'type': 'brin'},
        {'columns': ['order_id']},
    ],
    pre_hook=[
        "{{ trustgate.open_evaluation('payments') }}",
        "{{ trustgate.open_window('orders', upstream=['stg_orders']) }}",
    ],
    post_hook=[
        "{{ trustgate.close_window('orders') }}",
        "{{ trustgate.expression_index('paid_date', \"(paid_at at time zone 'UTC')::date\") }}",
    ],
) }}

-- depends_on: {{ ref('stg_orders') }} {{ ref('base_orders') }}
{{ trustgate.checked_records(
    entity='payments',
    columns={
        'payment_id': 'text',
        'order_id': 'text',
        'method': 'text',
        'amount': 'numeric(14,2)',
        'currency': 'text',
        'status': 'text',
        'paid_at': 'timestamptz',
        'updated_at': 'timestamptz',
    },
) }}
