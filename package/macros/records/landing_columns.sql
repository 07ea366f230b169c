{#- The columns of an entity as received, in the order of its files, from dbt's graph. -#}
{% macro landing_columns(entity) -%}
    {%- set node = trustgate.declared_node('landing_' ~ entity) -%}
    {{ return((node.columns.keys() if node else ['null']) | reject('in', ['_batch_id', '_row_number', '_worker_id', '_extra']) | list) }}
{%- endmacro %}
