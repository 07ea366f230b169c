{#- Columns that set rules compare. -#}
{% macro grouped_columns(rules) -%}
    {%- set grouped = [] -%}
    {%- for rule in rules -%}
        {%- for column in rule.group if column not in grouped -%}
            {%- do grouped.append(column) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(grouped) }}
{%- endmacro %}
