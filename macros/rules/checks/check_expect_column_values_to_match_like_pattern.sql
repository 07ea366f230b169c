{#- Fails where the value is not like the pattern. NULL passes. -#}
{% macro check_expect_column_values_to_match_like_pattern(here, rule, columns) -%}
    {{ return({
        'passes': '((' ~ rule.column ~ ' like ' ~ trustgate.literal(rule.like_pattern) ~ ') is not false)',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
