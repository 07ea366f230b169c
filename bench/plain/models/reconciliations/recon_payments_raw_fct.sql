{#- Payments as received against those published, field by field. -#}
with

received as (
    select
        nullif(btrim(payment_id), '') as payment_id,
        nullif(btrim(order_id), '') as order_id,
        nullif(btrim(method), '') as method,
        nullif(btrim(amount), '') as amount,
        nullif(btrim(currency), '') as currency,
        nullif(btrim(status), '') as status,
        nullif(btrim(paid_at), '') as paid_at,
        nullif(btrim(updated_at), '') as updated_at,
        loaded_at
    from {{ source('raw', 'payments') }}
),

typed as (
    select
        payment_id,
        order_id,
        method,
        {{ safe_numeric('amount') }} as amount,
        currency,
        status,
        {{ safe_timestamp('paid_at') }} as paid_at,
        {{ safe_timestamp('updated_at') }} as updated_at,
        loaded_at
    from received
),

latest as (
    select distinct on (payment_id) *
    from typed
    order by payment_id, updated_at desc nulls last, loaded_at desc
),

published as (select * from {{ ref('fct_payments') }}),

final as (
    select
        coalesce(latest.payment_id, published.payment_id) as payment_id,
        latest.payment_id is null as is_missing_in_raw,
        published.payment_id is null as is_missing_in_fct,
        latest.order_id is distinct from published.order_id as has_other_order_id,
        latest.method is distinct from published.method as has_other_method,
        latest.amount is distinct from published.amount as has_other_amount,
        latest.currency is distinct from published.currency as has_other_currency,
        latest.status is distinct from published.status as has_other_status,
        latest.paid_at is distinct from published.paid_at as has_other_paid_at,
        latest.updated_at is distinct from published.updated_at as has_other_updated_at
    from latest
    full outer join published on latest.payment_id = published.payment_id
    where
        latest.payment_id is null
        or published.payment_id is null
        or latest.order_id is distinct from published.order_id
        or latest.method is distinct from published.method
        or latest.amount is distinct from published.amount
        or latest.currency is distinct from published.currency
        or latest.status is distinct from published.status
        or latest.paid_at is distinct from published.paid_at
        or latest.updated_at is distinct from published.updated_at
)

select * from final
