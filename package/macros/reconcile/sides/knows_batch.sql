{#- Whether the batch of a side's row is known. -#}
{% macro knows_batch(side) -%}
    {{ return(side.get('entity') is not none and not trustgate.is_grouped(side)) }}
{%- endmacro %}
