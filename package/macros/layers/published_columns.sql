{#-
    SQL select list of a mart, over a row of its candidate: the columns it declares, or those that
    do not begin with an underscore; the provenance that the candidate has (`_dataset`,
    `_record_id`, `_batch_id`, `_worker_id`); and `_run_id`, the run that published the row as it
    is.

    Args: mart: see `declared_marts`.
-#}
{% macro published_columns(mart) -%}
    {%- set of_candidate = adapter.get_columns_in_relation(mart.candidate)
        | map(attribute='name') | list -%}
    {%- set named = mart['keys'] + mart['columns'] if mart['columns'] else of_candidate -%}
    {%- set columns = [] -%}
    {%- for column in named if not column.startswith('_') -%}
        {%- do columns.append(column) -%}
    {%- endfor -%}
    {%- for column in ('_dataset', '_record_id', '_batch_id', '_worker_id') -%}
        {%- if column in of_candidate -%}{%- do columns.append(column) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(columns + ["'" ~ invocation_id ~ "'::uuid as _run_id"]) }}
{%- endmacro %}
