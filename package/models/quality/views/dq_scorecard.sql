{#-
    The latest scores of every entity, its columns, and its batches with a latest version. A
    dimension without a rule has no score.
-#}
{{ trustgate.quality_view() }}

with

metrics as (select * from {{ ref('trustgate', 'dq_metrics') }}),

current_batches as (
    select distinct
        layer,
        dataset,
        batch_id
    from {{ trustgate.bookkeeping('layer_totals') }}
    where is_latest and record_count > 0
),

current_metrics as (
    select metrics.*
    from metrics
    left join current_batches
        on
            'base_' || metrics.entity = current_batches.layer
            and metrics.dataset = current_batches.dataset
            and metrics.batch_id = current_batches.batch_id
    where metrics.batch_id is null or current_batches.batch_id is not null
),

latest as (
    select distinct on (dataset, entity, batch_id, column_name) *
    from current_metrics
    order by dataset, entity, batch_id, column_name, calculated_at desc
),

final as (
    select
        dataset,
        entity,
        batch_id,
        column_name,
        completeness_score,
        validity_score,
        accuracy_score,
        consistency_score,
        uniqueness_score,
        timeliness_score,
        overall_score,
        total_records,
        passed_records,
        failed_records,
        warning_records,
        rules_executed,
        rules_failed,
        run_id,
        calculated_at
    from latest
)

select * from final
