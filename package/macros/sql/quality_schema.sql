{#- Schema of what hooks create: functions and audit tables. -#}
{% macro quality_schema() -%}
    {{ return(trustgate.namespace_prefix() ~ 'quality') }}
{%- endmacro %}
