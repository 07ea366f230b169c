{#- Payments as received against the candidate, field by field: none is lost or changed. -#}
{{ trustgate.reconcile_rows(
    source='raw_payments',
    target='candidate_fct_payments',
    compare=['payment_id', 'order_id', 'method', 'amount', 'currency', 'status', 'paid_at', 'updated_at'],
) }}
