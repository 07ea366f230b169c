{#-
    SQL of a table that dbt creates, documents and refs, and somebody else writes: no rows, the columns
    of the model's YAML with their types.
-#}
{% macro empty_table() -%}
    select
    {%- for column in model.columns.values() %}
        cast(null as {{ column.data_type }}) as {{ column.name }}{{ ',' if not loop.last }}
    {%- else %}
        null as nothing
    {%- endfor %}
    where false
{%- endmacro %}
