{#- Days whose revenue is not what the payments add up to. -#}
with

expected as (
    select
        (paid_at at time zone 'UTC')::date as revenue_date,
        currency,
        count(*) as payment_count,
        sum(amount) as revenue
    from {{ ref('stg_payments') }}
    where status = 'captured' and paid_at is not null and currency is not null
    group by 1, 2
),

published as (select * from {{ ref('fact_revenue_daily') }}),

final as (
    select
        coalesce(expected.revenue_date, published.revenue_date) as revenue_date,
        coalesce(expected.currency, published.currency) as currency,
        expected.payment_count as expected_count,
        published.payment_count as actual_count,
        expected.revenue as expected_revenue,
        published.revenue as actual_revenue
    from expected
    full outer join published
        on expected.revenue_date = published.revenue_date and expected.currency = published.currency
    where
        expected.payment_count is distinct from published.payment_count
        or abs(coalesce(expected.revenue, 0) - coalesce(published.revenue, 0)) > 0.01
)

select * from final
