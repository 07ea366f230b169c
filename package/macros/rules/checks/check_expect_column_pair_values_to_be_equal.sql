{#- Fails where A and B differ. NULL on either side passes. -#}
{% macro check_expect_column_pair_values_to_be_equal(here, rule, columns) -%}
    {{ return({
        'passes': '((' ~ rule.column_A ~ ' = ' ~ rule.column_B ~ ') is not false)',
        'columns': [rule.column_A, rule.column_B],
    }) }}
{%- endmacro %}
