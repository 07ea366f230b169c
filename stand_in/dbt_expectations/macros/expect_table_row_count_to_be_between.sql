{#- One row if the model, or one row for each group of it that, has fewer rows than min_value or
    more than max_value. NULL is a group like any other; a group without rows is not looked at. -#}
{% test expect_table_row_count_to_be_between(
    model, min_value=none, max_value=none, group_by=none, row_condition=none, strictly=false
) %}
{%- set test_name = "expect_table_row_count_to_be_between" -%}
{%- if group_by and execute -%}
    {{ dbt_expectations._require_list(test_name, "group_by", "expressions", group_by) }}
{%- endif -%}
{%- set condition = dbt_expectations._between(
    test_name, "count(*)", min_value, max_value, strictly
) -%}
{{ dbt_expectations._failing_rows(model, condition, row_condition, group_by) }}
{% endtest %}
