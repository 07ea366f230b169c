{#- Typed columns that a base model's YAML declares: mapping of name to type, empty for no model. -#}
{% macro _columns_of(node) -%}
    {%- set columns = {} -%}
    {%- for column in (node.columns.values() if node else []) if not column.name.startswith('_') -%}
        {%- do columns.update({column.name: column.data_type or 'text'}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
