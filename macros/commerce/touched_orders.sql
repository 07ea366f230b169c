{#-
    SQL of the order_ids that candidates must look at again: orders whose verdict changed, and those
    that payments whose verdict changed name, in any version. Grain: one row per order_id.
-#}
{% macro touched_orders() -%}
    select order_id
    from {{ ref('base_orders') }}
    where _dataset = '{{ trustgate.active_dataset() }}' and {{ trustgate.in_window('orders') }}
    union
    select order_id
    from {{ ref('base_payments') }}
    where _dataset = '{{ trustgate.active_dataset() }}' and {{ trustgate.in_window('payments') }}
{%- endmacro %}
