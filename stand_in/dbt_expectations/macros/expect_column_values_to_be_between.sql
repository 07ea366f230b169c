{#- Rows whose value is below min_value or above max_value. NULL passes. -#}
{% test expect_column_values_to_be_between(
    model, column_name, min_value=none, max_value=none, row_condition=none, strictly=false
) %}
{%- set condition = dbt_expectations._between(
    "expect_column_values_to_be_between", column_name, min_value, max_value, strictly
) -%}
{{ dbt_expectations._failing_rows(model, condition, row_condition) }}
{% endtest %}
