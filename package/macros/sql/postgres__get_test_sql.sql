{#-
    SQL of a data test as dbt puts it, which the server does not compile first: of what asks the gate that costs
    seconds and saves none.
-#}
{% macro postgres__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    set local jit = off;
    {{ dbt.default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}
