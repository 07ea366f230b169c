with

received as (select * from {{ source('raw', 'orders') }}),

trimmed as (
    select
        nullif(btrim(order_id), '') as order_id,
        nullif(btrim(customer_id), '') as customer_id,
        nullif(btrim(status), '') as status,
        nullif(btrim(currency), '') as currency,
        nullif(btrim(order_total), '') as order_total,
        nullif(btrim(ordered_at), '') as ordered_at,
        nullif(btrim(updated_at), '') as updated_at,
        loaded_at
    from received
),

typed as (
    select
        order_id,
        customer_id,
        status,
        currency,
        {{ safe_numeric('order_total') }} as order_total,
        {{ safe_timestamp('ordered_at') }} as ordered_at,
        {{ safe_timestamp('updated_at') }} as updated_at,
        order_total is not null as has_order_total,
        ordered_at is not null as has_ordered_at,
        updated_at is not null as has_updated_at,
        loaded_at
    from trimmed
),

numbered as (
    select
        *,
        row_number() over (
            partition by order_id
            order by updated_at desc nulls last, loaded_at desc
        ) as version_number
    from typed
),

final as (
    select
        order_id,
        customer_id,
        status,
        currency,
        order_total,
        ordered_at,
        updated_at,
        has_order_total,
        has_ordered_at,
        has_updated_at,
        loaded_at
    from numbered
    where version_number = 1
)

select * from final
