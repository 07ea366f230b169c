{#- Payments as received against candidate, field by field: nothing lost, nothing changed on the way. -#}
{{ trustgate.reconcile_rows(
    source='raw_payments',
    target='candidate_fct_payments',
    compare=['payment_id', 'order_id', 'method', 'amount', 'currency', 'status', 'paid_at', 'updated_at'],
) }}
