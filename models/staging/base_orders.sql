{#- Every record of orders, typed, with its verdict; the rules are in base_orders.yml. -#}
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
        {'columns': ['order_id']},
        {'columns': ['_checked_at'], 'type': 'brin'},
        {'columns': ['_dataset'], 'type': 'brin'},
    ],
    pre_hook="{{ trustgate.open_evaluation('orders') }}",
) }}

{{ trustgate.checked_records(
    entity='orders',
    columns={
        'order_id': 'text',
        'customer_id': 'text',
        'status': 'text',
        'currency': 'text',
        'order_total': 'numeric(14,2)',
        'ordered_at': 'timestamptz',
        'updated_at': 'timestamptz',
    },
) }}
