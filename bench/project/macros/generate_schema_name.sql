{#- Schemas as in trustgate itself, prefixed by TRUSTGATE_NAMESPACE where it is set. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ trustgate.generate_schema_name(custom_schema_name, node) }}
{%- endmacro %}
