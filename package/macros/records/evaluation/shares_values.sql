{#-
    SQL condition: this row of base has the dataset and values of a row of `values_sql`. Where the
    rule ignores rows with a missing value, the values are compared as they are, which an index
    serves; else by hash, because NULL then equals NULL.
-#}
{% macro shares_values(rule, values_sql) -%}
    {%- set group = rule.group | join(', ') -%}
    {%- if rule.ignore == 'any_value_is_missing' -%}
        (_dataset, {{ group }}) in ({{ values_sql }})
    {%- else -%}
        hash_record_extended(row(_dataset, {{ group }}), 0) in (
            select hash_record_extended(row(_dataset, {{ group }}), 0)
            from ({{ values_sql }}) as shared
        )
    {%- endif -%}
{%- endmacro %}
