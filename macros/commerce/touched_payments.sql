{#-
    SQL of the payment_ids that the candidate must look at again: those whose verdict changed, those of touched
    orders, and on a reset all it holds. Grain: one row per payment_id. Needs `touched_orders` settled as
    `touched`.
-#}
{% macro touched_payments() -%}
    {%- set of_dataset -%}_dataset = {{ trustgate.literal(trustgate.active_dataset()) }}{%- endset -%}
    {%- set of_touched_orders -%}order_id in (select order_id from {{ model.name }}__touched){%- endset -%}
    select payment_id
    from (
        {{ trustgate.changed_records('payments') | indent(8) }}
    ) as changed_payments
    where payment_id is not null
    union
    select payment_id from {{ ref('stg_payments') }} where {{ of_dataset }} and {{ of_touched_orders }}
    union
    select payment_id from {{ this }} where {{ of_touched_orders }}
    union
    select payment_id from {{ this }} where {{ trustgate.is_reset(['orders', 'payments']) }}
{%- endmacro %}
