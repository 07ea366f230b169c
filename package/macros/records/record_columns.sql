{#-
    Columns that identify a row of a candidate and its record in base alike, where the candidate's
    key is the entity's and no part of it is an expression; else an empty list.
-#}
{% macro record_columns(candidate) -%}
    {%- set layer = trustgate.meta_of(candidate).get('layer') or {} -%}
    {%- set key = trustgate.meta_of('base_' ~ layer.of).get('key') if layer.get('of') else none -%}
    {%- set key = [key] if key is string else key or [] -%}
    {%- set declared = layer.get('key') or {} -%}
    {{ return(key if key and declared | list == key and declared.values() | list == key else []) }}
{%- endmacro %}
