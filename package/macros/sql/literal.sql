{#-
    A value of YAML or Jinja as an SQL literal: text in quotes, numbers and booleans as they are,
    none as null.
-#}
{% macro literal(value) -%}
    {%- if value is none -%}
        null
    {%- elif value is boolean -%}
        {{ 'true' if value else 'false' }}
    {%- elif value is number -%}
        {{ value }}
    {%- else -%}
        '{{ value | string | replace("'", "''") }}'
    {%- endif -%}
{%- endmacro %}
