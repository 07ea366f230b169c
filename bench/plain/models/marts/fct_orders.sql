with

orders as (select * from {{ ref('stg_orders') }}),

paid as (
    select
        order_id,
        count(*) as payment_count,
        sum(amount) as paid_total
    from {{ ref('stg_payments') }}
    where status = 'captured'
    group by order_id
),

final as (
    select
        orders.order_id,
        orders.customer_id,
        orders.status,
        orders.currency,
        orders.order_total,
        paid.paid_total,
        coalesce(paid.payment_count, 0) as payment_count,
        orders.ordered_at,
        orders.updated_at
    from orders
    left join paid on orders.order_id = paid.order_id
)

select * from final
