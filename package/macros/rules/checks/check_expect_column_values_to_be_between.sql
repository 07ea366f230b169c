{#- Fails where the value lies outside the bounds, which belong to the range unless `strictly`. NULL passes. -#}
{% macro check_expect_column_values_to_be_between(here, rule, columns) -%}
    {{ return({
        'passes': trustgate._between(here, rule, rule.column),
        'columns': [rule.column],
    }) }}
{%- endmacro %}
