{#- SQL list of the key columns of a side. -#}
{% macro side_key(side, keys) -%}
    {%- for key in keys -%}
        {{ trustgate.side_column(side, key) }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
