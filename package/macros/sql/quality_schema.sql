{#- Schema of what on-run-start creates: functions and bookkeeping tables. -#}
{% macro quality_schema() -%}
    {{ return(trustgate.namespace_prefix() ~ 'quality') }}
{%- endmacro %}
