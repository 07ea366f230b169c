with

received as (select * from {{ source('raw', 'payments') }}),

trimmed as (
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
    from received
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
        amount is not null as has_amount,
        paid_at is not null as has_paid_at,
        updated_at is not null as has_updated_at,
        loaded_at
    from trimmed
),

numbered as (
    select
        *,
        row_number() over (
            partition by payment_id
            order by updated_at desc nulls last, loaded_at desc
        ) as version_number
    from typed
),

final as (
    select
        payment_id,
        order_id,
        method,
        amount,
        currency,
        status,
        paid_at,
        updated_at,
        has_amount,
        has_paid_at,
        has_updated_at,
        loaded_at
    from numbered
    where version_number = 1
)

select * from final
