{#- Fails where the column is NULL (blank text is NULL once typed). -#}
{% macro check_not_null(here, rule, columns) -%}
    {{ return({
        'passes': '(' ~ rule.column ~ ' is not null)',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
