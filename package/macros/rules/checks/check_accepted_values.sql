{#- Fails where the value is not in the list. NULL passes. -#}
{% macro check_accepted_values(here, rule, columns) -%}
    {%- set listed = trustgate._value_list(here, 'values', rule['values'], rule.get('quote', true)) -%}
    {{ return({
        'passes': '((' ~ rule.column ~ ' in (' ~ listed ~ ')) is not false)',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
