{#-
    Statements of migration 5: the figures of each run, kept as changes. A figure holds from the run
    with number `first_seq` of its dataset until the one with number `until_seq`, which had another.
-#}
{% macro migrate_to_run_figures() -%}
    {%- set schema = trustgate.quality_schema() -%}
    create table {{ schema }}.run_figures (
        dataset text not null,
        kind text not null,
        figure_id uuid not null,
        first_seq bigint not null,
        until_seq bigint,
        figure jsonb not null,
        constraint run_figures_pkey primary key (dataset, kind, figure_id, first_seq),
        constraint run_figures_kind check (
            kind in ('check', 'result', 'mismatch', 'exception')
        )
    );
    alter table {{ schema }}.pipeline_runs add column figures_seq bigint;
{%- endmacro %}
