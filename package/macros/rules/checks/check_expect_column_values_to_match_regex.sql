{#- Fails where the regular expression is not found in the value. NULL fails. -#}
{% macro check_expect_column_values_to_match_regex(here, rule, columns) -%}
    {{ return({
        'passes': 'coalesce(' ~ trustgate._matches(here, rule) ~ ', false)',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
