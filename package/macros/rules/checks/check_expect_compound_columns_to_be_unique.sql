{#- Fails where another key's latest version carries the same values, NULL equal to NULL. Rows are not looked at where all values
    are NULL (`all_values_are_missing`, the default), or where any is (`any_value_is_missing`). -#}
{% macro check_expect_compound_columns_to_be_unique(here, rule, columns) -%}
    {%- set ignore = rule.get('ignore_row_if', 'all_values_are_missing') -%}
    {%- do trustgate.refuse_unknown_word(here, 'ignore_row_if', ignore, ['all_values_are_missing', 'any_value_is_missing']) -%}
    {{ return({
        'group': rule.column_list,
        'ignore': ignore,
        'columns': rule.column_list,
    }) }}
{%- endmacro %}
