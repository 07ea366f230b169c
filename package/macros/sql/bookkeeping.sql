{#- The relation of a table in which the package, the runner and people keep what is no record: batches, work, progress. -#}
{% macro bookkeeping(name) -%}
    {{ return(ref('trustgate', name)) }}
{%- endmacro %}
