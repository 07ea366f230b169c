{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ trustgate.generate_schema_name(custom_schema_name, node) }}
{%- endmacro %}


{% macro get_incremental_converge_sql(arg_dict) -%}
    {{ return(trustgate.get_incremental_converge_sql(arg_dict)) }}
{%- endmacro %}
