{#- What every reconciliation came to: totals of row reconciliations by status, metrics and links one by one. -#}
{{ config(materialized='view') }}

with

results as (
    {%- for name in trustgate.all_reconciliations() %}
    select * from {{ ref(name) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

compared as (
    select
        dataset,
        reconciliation,
        kind,
        max(run_id) filter (where is_summary) as run_id,
        max(checked_at) filter (where is_summary) as checked_at,
        count(distinct record_key) filter (where not is_summary and match_status <> 'MATCHED') as mismatched,
        {#- Every row of the target stands in one pair; keys only the source has come on top. #}
        coalesce(
            max(compared) filter (where is_summary),
            max(target_count) filter (where is_summary)
            - coalesce(sum(target_count) filter (where not is_summary), 0)
            + count(distinct record_key) filter (where not is_summary),
            count(*) filter (where not is_summary)
        ) as compared
    from results
    group by dataset, reconciliation, kind
),

totals as (
    select
        run_id,
        dataset,
        reconciliation,
        kind,
        null::jsonb as grain,
        null::date as metric_date,
        'MATCHED' as metric_name,
        compared::numeric as expected_value,
        (compared - mismatched)::numeric as actual_value,
        (-mismatched)::numeric as discrepancy,
        null::text as tolerance,
        compared,
        mismatched = 0 as passed,
        null::bigint as source_count,
        null::bigint as target_count,
        checked_at
    from compared
    where kind in ('rows', 'metric')
),

statuses as (
    select
        max(run_id) as run_id,
        dataset,
        reconciliation,
        kind,
        null::jsonb as grain,
        null::date as metric_date,
        match_status as metric_name,
        0::numeric as expected_value,
        count(*)::numeric as actual_value,
        count(*)::numeric as discrepancy,
        null::text as tolerance,
        null::bigint as compared,
        false as passed,
        sum(source_count)::bigint as source_count,
        sum(target_count)::bigint as target_count,
        max(checked_at) as checked_at
    from results
    where kind = 'rows' and not is_summary
    group by dataset, reconciliation, kind, match_status
),

measures as (
    select
        run_id,
        dataset,
        reconciliation,
        kind,
        grain,
        metric_date,
        metric_name,
        expected_value,
        actual_value,
        discrepancy,
        tolerance,
        null::bigint as compared,
        match_status = 'MATCHED' as passed,
        source_count,
        target_count,
        checked_at
    from results
    where kind <> 'rows' and not is_summary
),

final as (
    select * from totals
    union all
    select * from statuses
    union all
    select * from measures
)

select * from final
