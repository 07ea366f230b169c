{#- SQL of a part of the grain on one side. -#}
{% macro _grain_column(grain, name, side) -%}
    {{ return(grain[name][side] if grain is mapping else 'side.' ~ name) }}
{%- endmacro %}


{#- SQL of a grain as one text; a NULL part is `\N`. -#}
{% macro _grain_key(names) -%}
    {%- set parts = [] -%}
    {%- for name in names -%}{%- do parts.append("coalesce(" ~ name ~ "::text, '\\N')") -%}{%- endfor -%}
    {{ return(trustgate.record_key(parts)) }}
{%- endmacro %}
