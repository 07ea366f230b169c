{#-
    SQL of the order_ids that candidates must look at again: orders whose verdict changed, and those
    that payments whose verdict changed name or named, in any version. Grain: one row per order_id.
-#}
{% macro touched_orders() -%}
    select order_id
    from (
        {{ trustgate.changed_records('orders') | indent(8) }}
    ) as changed_orders
    union
    select order_id
    from (
        {{ trustgate.changed_records('payments') | indent(8) }}
    ) as changed_payments
{%- endmacro %}
