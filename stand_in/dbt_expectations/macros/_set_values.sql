{#- Query of the values of a set, one row a value as written, doubles included. -#}
{% macro _set_values(test_name, value_set, quote_values) -%}
{%- if execute -%}
    {{ dbt_expectations._require_list(test_name, "value_set", "values", value_set) }}
{%- endif -%}
{%- for value in value_set %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
    {%- if quote_values %} cast({{ dbt_expectations._text_literal(value) }} as text)
    {%- else %} {{ value }}
    {%- endif %} as value_field
{%- endfor -%}
{%- endmacro %}
