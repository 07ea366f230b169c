{#-
    Column of base and stg to look the records with a value of `column` up by: `_record_key`, which
    is indexed, where the column is the whole key and text, since the encoded key is then the value;
    else the column.
-#}
{% macro lookup_column(entity, column) -%}
    {%- set key = trustgate.meta_of('base_' ~ entity).get('key') -%}
    {%- set is_key = column in (key, [key]) or key == [column] -%}
    {%- set type = trustgate.declared_columns(entity).get(column) -%}
    {{ return('_record_key' if is_key and type == 'text' else column) }}
{%- endmacro %}
