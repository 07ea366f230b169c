{#- Rows whose text the regular expression matches somewhere. NULL passes. -#}
{% test expect_column_values_to_not_match_regex(
    model, column_name, regex, row_condition=none, is_raw=false, flags=""
) %}
{%- set condition = dbt_expectations._matches_regex(
    "expect_column_values_to_not_match_regex", column_name, regex, flags
) -%}
{{ dbt_expectations._failing_rows(model, "not (" ~ condition ~ ")", row_condition) }}
{% endtest %}
