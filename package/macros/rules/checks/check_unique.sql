{#- Fails where another key's latest version carries the same value. NULL passes. -#}
{% macro check_unique(here, rule, columns) -%}
    {{ return({
        'group': [rule.column],
        'ignore': 'any_value_is_missing',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
