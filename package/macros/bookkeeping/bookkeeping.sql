{#-
    The relation of a table that loads, people, layers and runs write beside the records; see
    `install_bookkeeping`.
-#}
{% macro bookkeeping(name) -%}
    {{ return(source('trustgate', name)) }}
{%- endmacro %}
