{#- Payments as received against stg, field by field: nothing lost, nothing changed on the way. -#}
{% set reconciliation = {
    'source': received_payments(),
    'target': {'relation': 'stg_payments', 'entity': 'payments', 'is_unique': true},
    'key': '_record_key',
    'compare': ['payment_id', 'order_id', 'method', 'amount', 'currency', 'status', 'paid_at', 'updated_at'],
} %}
{{ config(meta={'reconciliation': reconciliation}) }}

{{ trustgate.reconcile_rows(**reconciliation) }}
