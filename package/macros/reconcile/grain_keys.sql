{#- SQL list of the parts of the grain on one side, as key_1, … -#}
{% macro grain_keys(grain, names, side) -%}
    {%- for name in names -%}
        {{ trustgate.grain_column(grain, name, side) }} as key_{{ loop.index }}
        {{- ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
