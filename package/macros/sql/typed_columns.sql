{#-
    Columns and types that the YAML of a model declares, by its name; without Trustgate's own, which
    begin with `_`.
-#}
{% macro typed_columns(name) -%}
    {%- set node = trustgate.declared_node(name) -%}
    {%- set columns = {} -%}
    {%- for column in (node.columns if node else {}).values() if not column.name.startswith('_') -%}
        {%- do columns.update({column.name: column.data_type or 'text'}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
