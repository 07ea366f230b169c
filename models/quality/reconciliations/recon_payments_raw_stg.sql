{#- Payments as received against stg, field by field: nothing lost, nothing changed on the way. -#}
{% set reconciliation = {
    'source': {
        'relation': 'raw_payments',
        'entity': 'payments',
        'records': 'promotable',
        'columns': {
            'payment_id': trustgate.parse('side.payment_id', 'text'),
            'order_id': trustgate.parse('side.order_id', 'text'),
            'method': trustgate.parse('side.method', 'text'),
            'amount': trustgate.parse('side.amount', 'numeric(14,2)'),
            'currency': trustgate.parse('side.currency', 'text'),
            'status': trustgate.parse('side.status', 'text'),
            'paid_at': trustgate.parse('side.paid_at', 'timestamptz'),
            'updated_at': trustgate.parse('side.updated_at', 'timestamptz'),
        },
        'is_unique': true,
    },
    'target': {'relation': 'stg_payments', 'entity': 'payments', 'is_unique': true},
    'key': '_record_key',
    'compare': ['payment_id', 'order_id', 'method', 'amount', 'currency', 'status', 'paid_at', 'updated_at'],
} %}
{{ config(meta={'reconciliation': reconciliation}) }}

{{ trustgate.reconcile_rows(**reconciliation) }}
