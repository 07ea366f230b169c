{#-
    The side of a reconciliation that payments as received are: promotable records of raw, each column
    read as base reads it.
-#}
{% macro received_payments() -%}
    {{ return({
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
    }) }}
{%- endmacro %}
