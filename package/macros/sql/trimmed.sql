{#- SQL of a text without white space at its ends. -#}
{% macro trimmed(text) -%}
    btrim({{ text }}, e'{{ trustgate.white_space() }}')
{%- endmacro %}
