{#- Whether a side has one row for all rows with the same key. -#}
{% macro is_grouped(side) -%}
    {{ return(side.get('many', false) or side.get('aggregate') is not none) }}
{%- endmacro %}
