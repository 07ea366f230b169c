with

payments as (select * from {{ ref('stg_payments') }}),

orders as (select * from {{ ref('stg_orders') }}),

final as (
    select
        payments.payment_id,
        payments.order_id,
        orders.customer_id,
        payments.method,
        payments.amount,
        payments.currency,
        payments.status,
        payments.paid_at,
        payments.updated_at
    from payments
    left join orders on payments.order_id = orders.order_id
)

select * from final
