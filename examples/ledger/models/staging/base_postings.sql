{#- Every posting received, typed, with its verdict; formats and rules are in base_postings.yml. -#}
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
    pre_hook="{{ trustgate.open_evaluation('postings') }}",
) }}

{{ trustgate.checked_records(
    entity='postings',
    columns={
        'batch_number': 'text',
        'sequence_number': 'integer',
        'account': 'text',
        'product_code': 'text',
        'side': 'text',
        'amount': 'numeric(11,2)',
        'transaction_date': 'date',
    },
) }}
