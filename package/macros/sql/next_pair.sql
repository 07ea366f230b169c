{#- SQL between two pairs of a jsonb_build_object; it takes at most 50, then a new one begins. -#}
{% macro next_pair(loop) -%}
    {%- if not loop.last -%}
        {{ ') || jsonb_build_object(' if loop.index % 50 == 0 else ',' }}
    {%- endif -%}
{%- endmacro %}
