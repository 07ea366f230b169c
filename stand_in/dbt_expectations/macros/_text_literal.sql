{#- A value as an SQL text literal.
    Quotes that stand in pairs throughout are taken for escaped already (the only way to write
    them for the original package); where one stands alone, all are doubled. -#}
{% macro _text_literal(value) -%}
{%- set text = value | string -%}
{%- if "'" in text | replace("''", "") -%}
    {%- set text = text | replace("'", "''") -%}
{%- endif -%}
'{{ text }}'
{%- endmacro %}
