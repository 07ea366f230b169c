{#-
    SQL of the greatest difference that still matches.

    Args: given: `0.01` (absolute, in the column's unit) or `0.5%` (of the expected value), as Jinja
        writes numbers, so 1e-05 too; expected: SQL of the expected value.
-#}
{% macro tolerance(given, expected) -%}
    {%- set text = given | string | trim -%}
    {%- if text.endswith('%') -%}
        {{ return('abs(' ~ expected ~ ') * ' ~ text[:-1] ~ ' / 100.0') }}
    {%- endif -%}
    {{ return(text) }}
{%- endmacro %}
