{#- Fails where the regular expression is found in the value. NULL passes. -#}
{% macro check_expect_column_values_to_not_match_regex(here, rule, columns) -%}
    {{ return({
        'passes': '(' ~ trustgate._matches(here, rule) ~ ' is not true)',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
