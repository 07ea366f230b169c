{#- Fails where the parent table has no such value in the same dataset. NULL passes. -#}
{% macro check_relationships(here, rule, columns) -%}
    {{ return({
        'passes': '(' ~ rule.column ~ ' is null or for_' ~ rule.id ~ '__is_there is not null)',
        'columns': [rule.column],
        'alias': 'for_' ~ rule.id,
    }) }}
{%- endmacro %}
