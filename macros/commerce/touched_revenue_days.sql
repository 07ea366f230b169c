{#-
    SQL of the days and currencies that the candidate must look at again: those of payments whose verdict changed,
    in any version and before any correction, those of touched orders, and what another dataset left behind. Grain:
    one row per revenue_date and currency. Needs `touched_orders` settled as `touched`.
-#}
{% macro touched_revenue_days() -%}
    select
        (key_1 at time zone 'UTC')::date as revenue_date,
        key_2 as currency
    from (
        {{ trustgate._touched_values({'entity': 'payments'}, ['paid_at', 'currency'], trustgate.active_dataset()) | indent(8) }}
    ) as touched_payments
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
    where {{ trustgate.holds_other_dataset('payments') }}
{%- endmacro %}
