{#-
    A value of YAML or Jinja as an SQL literal: text in quotes, numbers and booleans as they are,
    none as null. Text with a backslash is the same whatever `standard_conforming_strings` is.
-#}
{% macro literal(value) -%}
    {%- if value is none -%}
        null
    {%- elif value is boolean -%}
        {{ 'true' if value else 'false' }}
    {%- elif value is number -%}
        {{ value }}
    {%- elif '\\' in value | string -%}
        e'{{ value | string | replace('\\', '\\\\') | replace("'", "''") }}'
    {%- else -%}
        '{{ value | string | replace("'", "''") }}'
    {%- endif -%}
{%- endmacro %}
