{#-
    Relation of a bookkeeping table: those that loads, users, layers and runs write besides the
    records. See `install_bookkeeping`.
-#}
{% macro bookkeeping(name) -%}
    {{ return(source('trustgate', name)) }}
{%- endmacro %}
