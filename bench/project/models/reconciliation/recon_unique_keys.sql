{#- Both sides compared in full, all columns; keys known to be unique. -#}
{{ trustgate.reconcile_rows(
    source={'relation': 'charges_source', 'is_unique': true},
    target={'relation': 'charges_target', 'is_unique': true},
    key='charge_id',
    compare=['purchase_id', 'reference', 'method', 'amount', 'currency', 'payer_email', 'status', 'paid_at'],
) }}
