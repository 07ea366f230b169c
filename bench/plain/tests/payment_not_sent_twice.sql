with

counted as (
    select
        *,
        count(*) over (partition by order_id, method, amount, paid_at) as payment_count
    from {{ ref('stg_payments') }}
    where order_id is not null and method is not null and amount is not null and paid_at is not null
)

select * from counted where payment_count > 1
