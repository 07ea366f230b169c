{#- Fails where the value is not in the set. NULL fails. -#}
{% macro check_expect_column_values_to_be_in_set(here, rule, columns) -%}
    {%- set listed = trustgate._value_list(here, 'value_set', rule.value_set, rule.get('quote_values', true)) -%}
    {{ return({
        'passes': '((' ~ rule.column ~ ' in (' ~ listed ~ ')) is true)',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
