{#- A value as an SQL text literal.
    If all quotes are doubled, they are read as escaped (the only way to write them for the original
    package); if one is not, all are doubled. -#}
{% macro _text_literal(value) -%}
{%- set text = value | string -%}
{%- if "'" in text | replace("''", "") -%}
    {%- set text = text | replace("'", "''") -%}
{%- endif -%}
'{{ text }}'
{%- endmacro %}
