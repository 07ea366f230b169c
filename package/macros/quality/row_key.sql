{#- Columns that identify a model's row, from its `unique_key`; none while dbt parses. -#}
{% macro row_key(model_name) -%}
    {%- set node = trustgate.declared_node(model_name) -%}
    {%- set key = node.config.unique_key if node else none -%}
    {{ return([key] if key is string else key or []) }}
{%- endmacro %}
