{#- Fails where the length in characters lies outside the bounds. NULL passes. -#}
{% macro check_expect_column_value_lengths_to_be_between(here, rule, columns) -%}
    {{ return({
        'passes': trustgate._between(here, rule, 'length(' ~ rule.column ~ ')'),
        'columns': [rule.column],
    }) }}
{%- endmacro %}
