{#- Condition that an expression lies between two bounds, either of which may be left out. -#}
{% macro _between(test_name, expression, min_value, max_value, strictly) -%}
{%- if min_value is none and max_value is none -%}
    {{ exceptions.raise_compiler_error(
        test_name ~ ": you have to provide `min_value`, `max_value` or both."
        ~ " Got: min_value none, max_value none."
    ) }}
{%- endif -%}
{%- set or_equal = "" if strictly else "=" -%}
{%- if min_value is not none %}{{ expression }} >{{ or_equal }} {{ min_value }}{% endif -%}
{%- if min_value is not none and max_value is not none %} and {% endif -%}
{%- if max_value is not none %}{{ expression }} <{{ or_equal }} {{ max_value }}{% endif -%}
{%- endmacro %}
