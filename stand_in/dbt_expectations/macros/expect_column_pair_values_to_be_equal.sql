{#- Rows in which A is not equal to B. A pair with a NULL passes. -#}
{% test expect_column_pair_values_to_be_equal(model, column_A, column_B, row_condition=none) %}
{{ dbt_expectations._failing_rows(model, column_A ~ " = " ~ column_B, row_condition) }}
{% endtest %}
