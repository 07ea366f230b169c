{#- SQL of a part of the grain on one side. -#}
{% macro grain_column(grain, name, side) -%}
    {{ return(grain[name][side] if grain is mapping else 'side.' ~ name) }}
{%- endmacro %}
