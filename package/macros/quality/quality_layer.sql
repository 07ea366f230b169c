{#-
    Configures a table of the quality schema; disabled in a project that has registered no entity
    and no reconciliation.

    Args: kind: of the layer: `results`, `scores`, `findings` or `rules`; indexes: list of mappings,
        see `create_missing_indexes`; keep_where: SQL condition on a row of the select; a row that
        does not meet it is left out of the table.
-#}
{% macro quality_layer(kind, indexes=[], keep_where='true') -%}
    {%- for entity in trustgate.setting('entities') -%}
        {%- do [trustgate.project_ref('raw_' ~ entity), trustgate.project_ref('base_' ~ entity)] -%}
    {%- endfor -%}
    {{ config(
        materialized='layer',
        schema='quality',
        full_refresh=false,
        enabled=trustgate.is_registered(),
        sql_header=trustgate.parallel_plan() if kind == 'results' else none,
        meta={'layer': {
            'kind': kind,
            'entities': trustgate.setting('entities'),
            'indexes': indexes,
            'keep_where': keep_where,
        }},
    ) }}
{%- endmacro %}
