{#-
    Raises a compiler error where a value is not of its kind, naming place, argument, value and what is allowed.

    Args: kind: `text`, `condition` (SQL), `bound` (a number, or SQL), `boolean`, `positive` (a number above 0),
    `count` (a whole number from 0) or `list` (with at least one value).
-#}
{% macro refuse_wrong_kind(place, argument, value, kind) -%}
    {%- set is_sql = value is string and value | trim != '' -%}
    {%- set is_number = value is number and value is not boolean and value | string not in ('nan', 'inf', '-inf') -%}
    {%- set kinds = {
        'text': [value is string and value != '', 'is text'],
        'condition': [is_sql, 'is an SQL condition as text'],
        'bound': [is_sql or is_number, 'are numbers, and SQL as text'],
        'boolean': [value is boolean, 'are true and false, without quotes'],
        'positive': [is_number and value > 0, 'are numbers above 0'],
        'count': [is_number and value is integer and value >= 0, 'are whole numbers from 0'],
        'list': [value is sequence and value is not string and value is not mapping and value | length > 0, 'is a list with at least one value'],
    } -%}
    {%- set is_of_kind, allowed = kinds[kind] -%}
    {%- if not is_of_kind -%}
        {{ exceptions.raise_compiler_error(place ~ ": " ~ argument ~ " is '" ~ value ~ "', allowed " ~ allowed) }}
    {%- endif -%}
{%- endmacro %}
