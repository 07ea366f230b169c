{#-
    SQL of a table that dbt creates and the bench fills: no rows, the columns
    of the model's YAML with their types. Switched off in a project that has registered nothing.
-#}
{% macro empty_table() -%}
    {{ config(enabled=trustgate.is_registered()) }}
    select
    {%- for column in model.columns.values() %}
        cast(null as {{ column.data_type }}) as {{ column.name }}{{ ',' if not loop.last }}
    {%- else %}
        null as nothing
    {%- endfor %}
    where false
{%- endmacro %}
