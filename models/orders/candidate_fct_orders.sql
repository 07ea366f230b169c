{#- Orders as they would be published: the latest good version of each, with the total of its payments. -#}
{{ trustgate.candidate(of='orders', key='order_id', follows={'payments': 'order_id'}) }}

with

orders as (
    select * from {{ trustgate.promoted('orders') }} as orders
),

paid as (
    select
        order_id,
        count(*) as payment_count,
        sum(amount)::numeric(14, 2) as paid_total
    from {{ trustgate.promoted('payments') }} as payments
    where status = 'captured'
    group by order_id
),

unpaid as (
    select record_key as order_id
    from {{ ref('recon_payments_orders') }}
    where match_status = 'TARGET_ONLY'
),

mismatched as (
    select record_key as order_id from {{ ref('recon_order_totals') }} where not is_summary
),

final as (
    select
        orders.order_id,
        orders._dataset,
        orders._record_id,
        orders._batch_id,
        orders._worker_id,
        orders._checksum,
        orders.customer_id,
        orders.status,
        orders.currency,
        orders.order_total,
        paid.paid_total,
        coalesce(paid.payment_count, 0) as payment_count,
        orders.ordered_at,
        orders.updated_at,
        orders.dq_status,
        orders.dq_score,
        case
            when unpaid.order_id is not null then 'ORPHAN'
            when mismatched.order_id is not null then 'MISMATCHED'
            when orders.order_total is not null and paid.paid_total is not null then 'MATCHED'
            else 'NOT_RECONCILED'
        end as reconciliation_status,
        now() as reconciled_at
    from orders
    left join paid on orders.order_id = paid.order_id
    left join unpaid on orders.order_id = unpaid.order_id
    left join mismatched on orders.order_id = mismatched.order_id
)

select * from final
