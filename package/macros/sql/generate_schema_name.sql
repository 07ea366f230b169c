{#- Name of a schema: exactly as configured, after the prefix TRUSTGATE_NAMESPACE if it is set. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set namespace_prefix = trustgate.namespace_prefix() -%}
    {{ namespace_prefix }}{{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
