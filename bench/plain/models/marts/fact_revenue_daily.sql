with

payments as (
    select * from {{ ref('fct_payments') }}
    where status = 'captured' and paid_at is not null and currency is not null
),

final as (
    select
        (paid_at at time zone 'UTC')::date as revenue_date,
        currency,
        count(*) as payment_count,
        count(distinct order_id) as order_count,
        sum(amount) as revenue
    from payments
    group by 1, 2
)

select * from final
