{#- Combinations of values in more than one row, with their number of rows. NULL equals NULL;
    which rows with NULL are left out, ignore_row_if says. -#}
{% test expect_compound_columns_to_be_unique(
    model,
    column_list,
    quote_columns=false,
    ignore_row_if="all_values_are_missing",
    row_condition=none
) %}
{%- set test_name = "expect_compound_columns_to_be_unique" -%}
{%- set modes = ["all_values_are_missing", "any_value_is_missing"] -%}
{{ dbt_expectations._require_list(test_name, "column_list", "columns", column_list) }}
{%- if ignore_row_if not in modes -%}
    {{ exceptions.raise_compiler_error(
        test_name ~ ": `ignore_row_if` must be one of " ~ modes | join(", ")
        ~ ". Got: '" ~ ignore_row_if ~ "'."
    ) }}
{%- endif -%}
{%- set columns = [] -%}
{%- for column in column_list -%}
    {%- do columns.append(adapter.quote(column) if quote_columns else column) -%}
{%- endfor -%}
{{ dbt_expectations._duplicates(model, columns, ignore_row_if, row_condition) }}
{% endtest %}
