{#- Declared data type of a model's column, from dbt's graph; `default` where none is declared. -#}
{% macro type_of_column(name, column, default='text') -%}
    {%- set node = trustgate.declared_node(name) -%}
    {{ return(((node.columns if node else {}).get(column) or {}).get('data_type') or default) }}
{%- endmacro %}
