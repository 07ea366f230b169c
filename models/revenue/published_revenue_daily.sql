{#- Published revenue of each day, for the restatement reconciliation. -#}
{{ config(materialized='ephemeral', schema='candidate') }}

{{ trustgate.published_before('marts', 'fact_revenue_daily', {
    'revenue_date': 'date',
    'currency': 'text',
    'payment_count': 'bigint',
    'revenue': 'numeric',
}) }}
