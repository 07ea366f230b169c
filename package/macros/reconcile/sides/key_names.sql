{#- SQL list of the names that key columns have within a reconciliation: key_1, key_2, … -#}
{% macro key_names(keys) -%}
    {%- for key in keys -%}key_{{ loop.index }}{{ ', ' if not loop.last }}{%- endfor -%}
{%- endmacro %}
