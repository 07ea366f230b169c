{#- Name of a schema: exactly as configured, with the prefix TRUSTGATE_NAMESPACE where it is set. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set namespace_prefix = trustgate.namespace_prefix() -%}
    {{ namespace_prefix }}{{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
