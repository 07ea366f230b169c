{#- Payments received against orders received: payments without an order, orders without a payment. -#}
{{ trustgate.reconcile_rows(
    source={'relation': 'base_payments', 'entity': 'payments', 'records': 'latest', 'many': true},
    target={'relation': 'base_orders', 'entity': 'orders', 'records': 'latest', 'is_unique': true},
    key='order_id',
) }}
