{#- SQL of the batches of an entity that raw may hold and base must not: held, or rejected by a person. -#}
{% macro excluded_batches(entity) -%}
select batch_id from {{ trustgate.bookkeeping('batches') }} where entity = '{{ entity }}' and status in ('HELD', 'REJECTED')
{%- endmacro %}
