{#- The column, if its type is another one. Types are named as the information schema does,
    without length or precision, in any case. A column that is not found under its name in any
    case (a mistyped one, and every quoted one) passes, as it does with the original. -#}
{% test expect_column_values_to_be_of_type(model, column_name, column_type) %}
{%- if execute -%}
    {%- set test_name = "expect_column_values_to_be_of_type" -%}
    {%- if model is string -%}
        {{ exceptions.raise_compiler_error(
            test_name ~ ": config `where` must not be set, a type belongs to the whole column."
            ~ " Got: '" ~ model ~ "'."
        ) }}
    {%- endif -%}
    {%- if column_type is not string -%}
        {{ exceptions.raise_compiler_error(
            test_name ~ ": `column_type` must be the name of one type, like integer or"
            ~ " character varying. Got: '" ~ column_type ~ "'."
        ) }}
    {%- endif -%}
    {%- set columns = adapter.get_columns_in_relation(model) -%}
    {{ dbt_expectations._require_list(
        test_name, "model", "columns (does the relation exist?)", columns
    ) }}
with

relation_columns as (
    {%- for column in columns %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        cast('{{ column.name | upper | replace("'", "''") }}' as text) as relation_column,
        cast('{{ column.dtype | upper | replace("'", "''") }}' as text) as relation_column_type
    {%- endfor %}
),

final as (
    select *
    from relation_columns
    where
        relation_column = '{{ column_name | upper | replace("'", "''") }}'
        and relation_column_type <> '{{ column_type | upper | replace("'", "''") }}'
)

select * from final
{%- endif -%}
{% endtest %}
