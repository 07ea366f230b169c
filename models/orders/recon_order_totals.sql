{#- Payments of an order against its total, where both are known: promoted records only. -#}
{{ trustgate.reconcile_rows(
    source={
        'relation': 'stg_orders',
        'entity': 'orders',
        'where': 'side.order_total is not null',
        'columns': {'total': 'side.order_total'},
        'is_unique': true,
    },
    target={
        'relation': 'stg_payments',
        'entity': 'payments',
        'where': "side.status = 'captured'",
        'aggregate': {'total': 'sum(side.amount)'},
    },
    key='order_id',
    compare={'total': '0.01'},
    orphans='ignore',
) }}
