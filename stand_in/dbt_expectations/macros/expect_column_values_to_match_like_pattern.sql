{#- Rows whose text is not like the SQL pattern. NULL passes. -#}
{% test expect_column_values_to_match_like_pattern(
    model, column_name, like_pattern, row_condition=none
) %}
{%- set condition = column_name ~ " like " ~ dbt_expectations._text_literal(like_pattern) -%}
{{ dbt_expectations._failing_rows(model, condition, row_condition) }}
{% endtest %}
