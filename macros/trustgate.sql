{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ trustgate.generate_schema_name(custom_schema_name, node) }}
{%- endmacro %}


{% macro get_incremental_converge_sql(arg_dict) -%}
    {{ return(trustgate.get_incremental_converge_sql(arg_dict)) }}
{%- endmacro %}


{% macro postgres__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {{ trustgate.postgres__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}
