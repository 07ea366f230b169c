{#-
    Columns of an entity and the types they are read as, in the order of its files, as the YAML of its base model
    declares them; none while dbt parses. A unit test, which sees no YAML, overrides it.
-#}
{% macro declared_columns(entity) -%}
    {%- set columns = {} -%}
    {%- set node = trustgate.declared_node('base_' ~ entity) -%}
    {%- for column in (node.columns.values() if node else []) if not column.name.startswith('_') -%}
        {%- do columns.update({column.name: column.data_type or 'text'}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
