{#- Payments as they would be published: the latest good version of each. -#}
{{ trustgate.candidate(of='payments', key='payment_id', follows={'orders': 'order_id', 'payments': 'order_id'}) }}

with

payments as (
    select * from {{ trustgate.promoted('payments') }} as payments
),

orders as (
    select * from {{ trustgate.promoted('orders') }} as orders
),

orphaned as (
    select record_key as order_id
    from {{ ref('recon_payments_orders') }}
    where match_status = 'SOURCE_ONLY'
),

mismatched as (
    select record_key as order_id from {{ ref('recon_order_totals') }} where not is_summary
),

final as (
    select
        payments.payment_id,
        payments._dataset,
        payments._record_key,
        payments._record_id,
        payments._batch_id,
        payments._worker_id,
        payments._checksum,
        payments.order_id,
        orders.customer_id,
        payments.method,
        payments.amount,
        payments.currency,
        payments.status,
        payments.paid_at,
        payments.updated_at,
        payments.dq_status,
        payments.dq_score,
        case
            when orphaned.order_id is not null then 'ORPHAN'
            when mismatched.order_id is not null then 'MISMATCHED'
            when orders.order_total is not null and payments.status = 'captured' then 'MATCHED'
            else 'NOT_RECONCILED'
        end as reconciliation_status,
        now() as reconciled_at
    from payments
    left join orders on payments.order_id = orders._record_key
    left join orphaned on payments.order_id = orphaned.order_id
    left join mismatched on payments.order_id = mismatched.order_id
)

select * from final
