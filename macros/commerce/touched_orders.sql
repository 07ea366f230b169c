{#-
    SQL of the order_ids that candidates must look at again: orders whose verdict changed, and those
    that payments whose verdict changed name or named, in any version. Grain: one row per order_id.
-#}
{% macro touched_orders() -%}
    {%- set dataset = trustgate.active_dataset() -%}
    select key_1 as order_id
    from (
        {{ trustgate._touched_values({'entity': 'orders'}, ['order_id'], dataset) | indent(8) }}
        union
        {{ trustgate._touched_values({'entity': 'payments'}, ['order_id'], dataset) | indent(8) }}
    ) as touched
{%- endmacro %}
