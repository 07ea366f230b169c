{#- SQL of each part of the key of a pair. -#}
{% macro parts_of_pair(keys) -%}
    {%- set parts = [] -%}
    {%- for key in keys -%}
        {%- set name = 'key_' ~ loop.index -%}
        {%- do parts.append('coalesce(source.' ~ name ~ ', target.' ~ name ~ ')') -%}
    {%- endfor -%}
    {{ return(parts) }}
{%- endmacro %}
