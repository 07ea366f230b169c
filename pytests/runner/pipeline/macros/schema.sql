{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set namespace = env_var('TRUSTGATE_NAMESPACE', '') -%}
    {{ namespace ~ '_' if namespace else '' }}{{ custom_schema_name or target.schema }}
{%- endmacro %}
