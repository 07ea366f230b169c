{#- Values in more than one row, with their number of rows. NULL passes. -#}
{% test expect_column_values_to_be_unique(model, column_name, row_condition=none) %}
{{ dbt_expectations._duplicates(
    model, [column_name], "all_values_are_missing", row_condition
) }}
{% endtest %}
