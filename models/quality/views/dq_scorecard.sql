{#- The latest scores of every entity, its columns and batches. A dimension without a rule has no score. -#}
{{ config(materialized='stable_view') }}

with

metrics as (select * from {{ ref('dq_metrics') }}),

latest as (
    select distinct on (dataset, entity, batch_id, column_name) *
    from metrics
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
