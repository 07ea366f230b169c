{#- Rows whose text has fewer than min_value or more than max_value characters. NULL passes. -#}
{% test expect_column_value_lengths_to_be_between(
    model, column_name, min_value=none, max_value=none, row_condition=none, strictly=false
) %}
{%- set condition = dbt_expectations._between(
    "expect_column_value_lengths_to_be_between",
    "length(" ~ column_name ~ ")",
    min_value,
    max_value,
    strictly,
) -%}
{{ dbt_expectations._failing_rows(model, condition, row_condition) }}
{% endtest %}
