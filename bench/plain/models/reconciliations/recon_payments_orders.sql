{#- Orders nobody paid, and payments whose order never arrived. -#}
with

payments as (
    select
        order_id,
        count(*) as payment_count
    from {{ ref('stg_payments') }}
    group by order_id
),

orders as (select order_id from {{ ref('stg_orders') }}),

final as (
    select
        coalesce(payments.order_id, orders.order_id) as order_id,
        payments.payment_count,
        case when orders.order_id is null then 'order is missing' else 'not paid' end as difference
    from payments
    full outer join orders on payments.order_id = orders.order_id
    where payments.order_id is null or orders.order_id is null
)

select * from final
