{#- SQL of an affected grain as one text, in the form of `grain_key`. -#}
{% macro affected_grain(names) -%}
    {%- set parts = [] -%}
    {%- for name in names -%}{%- do parts.append('key_' ~ loop.index) -%}{%- endfor -%}
    {{ return(trustgate.grain_key(parts)) }}
{%- endmacro %}
