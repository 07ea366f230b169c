{#- Fails where the value is in the set. NULL passes. -#}
{% macro check_expect_column_values_to_not_be_in_set(here, rule, columns) -%}
    {%- set listed = trustgate._value_list(here, 'value_set', rule.value_set, rule.get('quote_values', true)) -%}
    {{ return({
        'passes': '((' ~ rule.column ~ ' in (' ~ listed ~ ')) is not true)',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
