{#- Result of every reconciliation: of rows the number of keys by status, of others each measure. -#}
{{ trustgate.quality_view() }}

with

results as (select * from {{ ref('trustgate', 'reconciled') }}),

keys as (
    select
        dataset,
        reconciliation,
        kind,
        record_key,
        max(source_count) as source_count,
        max(target_count) as target_count
    from results
    where not is_summary and match_status <> 'MATCHED'
    group by dataset, reconciliation, kind, record_key
),

mismatched as (
    select
        dataset,
        reconciliation,
        kind,
        count(*) as key_count,
        sum(target_count) as target_count
    from keys
    group by dataset, reconciliation, kind
),

compared as (
    select
        results.dataset,
        results.reconciliation,
        results.kind,
        results.run_id,
        results.checked_at,
        coalesce(mismatched.key_count, 0) as mismatched,
        {#- Each row of the target is in one pair; of mismatches, keys are counted. #}
        coalesce(
            results.compared,
            results.target_count
            - coalesce(mismatched.target_count, 0)
            + coalesce(mismatched.key_count, 0)
        ) as compared
    from results
    left join mismatched
        on
            results.dataset = mismatched.dataset
            and results.reconciliation = mismatched.reconciliation
            and results.kind = mismatched.kind
    where results.is_summary and results.kind in ('rows', 'metric', 'business_rule')
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
