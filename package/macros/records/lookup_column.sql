{#-
    Column of base and stg by which the records of an entity with a value of `column` are found
    through an index: `_record_key` where the column is the whole key and text, of which the encoded
    key is the value; else the column.
-#}
{% macro lookup_column(entity, column) -%}
    {%- set key = trustgate.meta_of('base_' ~ entity).get('key') -%}
    {%- set is_key = column in (key, [key]) or key == [column] -%}
    {%- set type = trustgate.declared_columns(entity).get(column) -%}
    {{ return('_record_key' if is_key and type == 'text' else column) }}
{%- endmacro %}
