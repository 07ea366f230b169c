{#- Combinations of columns that occur in more than one row, with the number of rows.
    NULL equals NULL. A row_condition is followed by `and`: put brackets around an `or`. -#}
{% macro _duplicates(model, columns, ignore_row_if, row_condition) -%}
{%- set separator = " or " if ignore_row_if == "all_values_are_missing" else " and " -%}
{%- set present = [] -%}
{%- for column in columns -%}
    {%- do present.append(column ~ " is not null") -%}
{%- endfor -%}
select
    {{ columns | join(', ') }},
    count(*) as n_records
from {{ model }}
where
    {% if row_condition -%}
    {{ row_condition }} and
    {% endif -%}
    ({{ present | join(separator) }})
group by {{ columns | join(', ') }}
having count(*) > 1
{%- endmacro %}
