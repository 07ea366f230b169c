{#- Revenue of each day as it stands published, for the restatement reconciliation. -#}
{{ config(materialized='ephemeral', meta={'notes_changes': false}) }}

{{ trustgate.published_before('marts', 'fact_revenue_daily', {
    'revenue_date': 'date',
    'currency': 'text',
    'payment_count': 'bigint',
    'revenue': 'numeric',
}) }}
