{#-
    Statements that create `keep_figures(run_id, dataset, checks)`, which records the figures of a
    run as changes of those of the dataset's run before, and `figures_of(run_id)`, which returns
    them.

    Args: schema: of the quality tables.
    A figure is a row of gate, recon_summary, recon_row_mismatches or open_exceptions without what
    differs from run to run by itself. `checks` is the gate as the run read it, an array of objects.
    The gate of the reading before is emptied, because the figures now have it.
-#}
{% macro figure_functions(schema) -%}
create or replace function {{ schema }}.keep_figures(of_run text, of_dataset text, checks jsonb)
returns void language plpgsql set jit = off as $body$
declare
    seq bigint;
begin
    perform pg_advisory_xact_lock(hashtext('trustgate figures'), hashtext('{{ schema }}'));
    select 1 + coalesce(max(figures_seq), 0) into seq from {{ schema }}.pipeline_runs;
    update {{ schema }}.pipeline_runs set figures_seq = seq
    where run_id = of_run and figures_seq is null;
    if not found then
        return;
    end if;
    {{ trustgate._keep_changes(schema) | indent(4) }};
    update {{ schema }}.gate_readings set checks = '[]'
    where run_id = (
        select run_id
        from {{ schema }}.gate_readings
        inner join {{ schema }}.pipeline_runs using (run_id)
        where pipeline_runs.dataset = of_dataset and figures_seq < seq
        order by figures_seq desc
        limit 1
    );
end
$body$;
create or replace function {{ schema }}.figures_of(of_run text)
returns table (kind text, figure jsonb) language plpgsql stable as $body$
begin
    return query
    select figures.kind, figures.figure
    from {{ schema }}.pipeline_runs as runs
    inner join {{ schema }}.run_figures as figures
        on runs.dataset = figures.dataset
        and figures.first_seq <= runs.figures_seq
        and coalesce(figures.until_seq > runs.figures_seq, true)
    where runs.run_id = of_run;
end
$body$;
{%- endmacro %}


{#- Statement that ends the figures which the run has no longer, and adds those that are new. -#}
{% macro _keep_changes(schema) -%}
with found as materialized (
    select
        'check' as kind,
        md5(row(figure ->> 'check_id', figure ->> 'entity')::text)::uuid as figure_id,
        jsonb_strip_nulls(figure - 'dataset') as figure
    from jsonb_array_elements(checks) as figure
    union all
    select
        'result',
        md5(row(reconciliation, kind, grain, metric_date, metric_name)::text)::uuid,
        jsonb_strip_nulls(to_jsonb(result) - '{dataset,run_id,checked_at}'::text[])
    from {{ schema }}.recon_summary as result
    where dataset = of_dataset
    union all
    select
        'mismatch',
        md5(row(reconciliation, record_key)::text)::uuid,
        jsonb_strip_nulls(to_jsonb(mismatch) - '{dataset,run_id,detected_at}'::text[])
    from {{ schema }}.recon_row_mismatches as mismatch
    where dataset = of_dataset
    union all
    select
        'exception',
        exception_id,
        jsonb_strip_nulls(jsonb_build_object(
            'entity', entity, 'record_key', record_key, 'check_id', check_id,
            'severity', severity, 'message', message
        ))
    from {{ schema }}.open_exceptions
    where dataset = of_dataset
),

ended as (
    update {{ schema }}.run_figures as kept set until_seq = seq
    where
        kept.dataset = of_dataset
        and kept.until_seq is null
        and not exists (
            select 1 from found
            where
                found.kind = kept.kind
                and found.figure_id = kept.figure_id
                and found.figure = kept.figure
        )
)

insert into {{ schema }}.run_figures (dataset, kind, figure_id, first_seq, figure)
select of_dataset, found.kind, found.figure_id, seq, found.figure
from found
where not exists (
    select 1 from {{ schema }}.run_figures as kept
    where
        kept.dataset = of_dataset
        and kept.until_seq is null
        and kept.kind = found.kind
        and kept.figure_id = found.figure_id
        and kept.figure = found.figure
)
{%- endmacro %}
