{#-
    SQL of the days and currencies that the candidate must look at again: those of payments whose verdict changed,
    in any version and as they were before, those of touched orders, and on a reset all it holds. Grain:
    one row per revenue_date and currency. Needs `touched_orders` settled as `touched`.
-#}
{% macro touched_revenue_days() -%}
    select
        (paid_at at time zone 'UTC')::date as revenue_date,
        currency
    from (
        {{ trustgate.changed_records('payments') | indent(8) }}
    ) as changed_payments
    union
    select
        (paid_at at time zone 'UTC')::date as revenue_date,
        currency
    from {{ ref('base_payments') }}
    where
        _dataset = {{ trustgate.literal(trustgate.active_dataset()) }}
        and order_id in (select order_id from {{ model.name }}__touched)
    union
    select
        revenue_date,
        currency
    from {{ this }}
    where {{ trustgate.is_reset(['orders', 'payments']) }}
{%- endmacro %}
