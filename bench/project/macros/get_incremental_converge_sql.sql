{#- dbt looks for the strategies of a project's models in that project only. -#}
{% macro get_incremental_converge_sql(arg_dict) -%}
    {{ return(trustgate.get_incremental_converge_sql(arg_dict)) }}
{%- endmacro %}
