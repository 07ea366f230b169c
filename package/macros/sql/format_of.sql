{#- How the text of an entity's column is written, from its base model in dbt's graph; see `column_format`. -#}
{% macro format_of(entity, column) -%}
    {%- set base = 'base_' ~ entity -%}
    {{ return(trustgate.column_format(trustgate.meta_of(base), column, trustgate.type_of_column(base, column))) }}
{%- endmacro %}
