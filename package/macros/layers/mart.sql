{#-
    Model `<mart>`: the rows of `candidate_<mart>`, published while the gate is open, without the
    columns that begin with an underscore, provenance excepted (`published_columns`). While the gate
    is shut it stays as it is.

    Args: columns: list of the columns published besides the key; all where not given.

    Marts are published together: the first mart of an invocation publishes all of them.
-#}
{% macro mart(columns=none) -%}
    {%- set candidate = 'candidate_' ~ trustgate.model_name() -%}
    {{ config(
        materialized='publication',
        schema='marts',
        full_refresh=false,
        meta={
            'layer': {'kind': 'mart', 'entities': [], 'candidate': candidate, 'columns': columns},
        },
    ) }}
    {%- do ref('trustgate', 'gate') -%}
    select * from {{ ref(candidate) }}
{%- endmacro %}
