{#- Schemas are named exactly as Trustgate's layers ask for them, with TRUSTGATE_NAMESPACE before them where it is set. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ trustgate.generate_schema_name(custom_schema_name, node) }}
{%- endmacro %}
