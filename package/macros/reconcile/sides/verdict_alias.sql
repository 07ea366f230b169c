{#- Alias of the rows with a side's verdict columns. -#}
{% macro verdict_alias(side) -%}
    {{ return('verdict' if side.relation.startswith('raw_') and side.get('entity') else 'side') }}
{%- endmacro %}
