{#- The sides that are expected to hold each key once, but are not known to. -#}
{% macro sides_that_may_repeat(source, target) -%}
    {%- set found = [] -%}
    {%- for side in (source, target) -%}
        {%- if not (trustgate.is_grouped(side) or side.get('is_unique')) -%}
            {%- do found.append(side) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
