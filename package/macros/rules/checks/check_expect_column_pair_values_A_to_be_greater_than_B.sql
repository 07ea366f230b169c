{#- Fails where A is not greater than B (nor equal, unless `or_equal`). NULL on either side passes. -#}
{% macro check_expect_column_pair_values_A_to_be_greater_than_B(here, rule, columns) -%}
    {%- set operator = '>=' if rule.get('or_equal') else '>' -%}
    {{ return({
        'passes': '((' ~ rule.column_A ~ ' ' ~ operator ~ ' ' ~ rule.column_B ~ ') is not false)',
        'columns': [rule.column_A, rule.column_B],
    }) }}
{%- endmacro %}
