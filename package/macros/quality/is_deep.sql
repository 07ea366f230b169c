{#- Whether a full comparison was requested. -#}
{% macro is_deep() -%}
    {{ return(var('deep', false) or dbt_metadata_envs.get('TRUSTGATE_DEEP', '') == '1') }}
{%- endmacro %}
