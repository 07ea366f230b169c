{#- The side of a reconciliation that payments as received are; see `received_side`. -#}
{% macro received_payments() -%}
    {{ return(trustgate.received_side('payments', {
        'payment_id': 'text',
        'order_id': 'text',
        'method': 'text',
        'amount': 'numeric(14,2)',
        'currency': 'text',
        'status': 'text',
        'paid_at': 'timestamptz',
        'updated_at': 'timestamptz',
    })) }}
{%- endmacro %}
