{#- Both sides compared in full, all columns; duplicate keys looked for. -#}
{{ trustgate.reconcile_rows(
    source={'relation': 'charges_source'},
    target={'relation': 'charges_target'},
    key='charge_id',
    compare=['purchase_id', 'reference', 'method', 'amount', 'currency', 'payer_email', 'status', 'paid_at'],
) }}
