{#- What a reconciliation follows: its two sides, or the layers of a chain. -#}
{% macro followed_sides(declared) -%}
    {{ return(declared.get('chain') or [declared.source, declared.target]) }}
{%- endmacro %}
