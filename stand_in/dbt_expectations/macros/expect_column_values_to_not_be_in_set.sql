{#- Values that are in the set, once for each time the set names them. NULL passes. -#}
{% test expect_column_values_to_not_be_in_set(
    model, column_name, value_set, quote_values=true, row_condition=none
) %}
with

set_values as (
    {{ dbt_expectations._set_values(
        "expect_column_values_to_not_be_in_set", value_set, quote_values
    ) }}
),

checked as (
    select {{ column_name }} as value_field
    from {{ model }}
    {%- if row_condition %}
    where {{ row_condition }}
    {%- endif %}
),

final as (
    select checked.value_field
    from checked
    inner join set_values on checked.value_field = set_values.value_field
)

select * from final
{% endtest %}
