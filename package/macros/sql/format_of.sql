{#- Format of an entity's column, from its base model in dbt's graph; see `column_format`. -#}
{% macro format_of(entity, column) -%}
    {%- set base = 'base_' ~ entity -%}
    {%- set type = trustgate.type_of_column(base, column) -%}
    {{ return(trustgate.column_format(trustgate.meta_of(base), column, type)) }}
{%- endmacro %}
