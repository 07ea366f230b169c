{#-
    The side of a reconciliation that payments as received are: promotable records of raw, each column
    read as base reads it, corrections included.
-#}
{% macro received_payments() -%}
    {{ return({
        'relation': 'raw_payments',
        'entity': 'payments',
        'records': 'promotable',
        'columns': {
            'payment_id': trustgate.parse(trustgate.as_corrected('payment_id'), 'text'),
            'order_id': trustgate.parse(trustgate.as_corrected('order_id'), 'text'),
            'method': trustgate.parse(trustgate.as_corrected('method'), 'text'),
            'amount': trustgate.parse(trustgate.as_corrected('amount'), 'numeric(14,2)'),
            'currency': trustgate.parse(trustgate.as_corrected('currency'), 'text'),
            'status': trustgate.parse(trustgate.as_corrected('status'), 'text'),
            'paid_at': trustgate.parse(trustgate.as_corrected('paid_at'), 'timestamptz'),
            'updated_at': trustgate.parse(trustgate.as_corrected('updated_at'), 'timestamptz'),
        },
        'is_unique': true,
    }) }}
{%- endmacro %}
