{#- Findings and people's work as one row per exception. -#}
{{ config(materialized='stable_view') }}

with

findings as (select * from {{ ref('exception_findings') }}),

work as (select * from {{ ref('exception_work') }}),

joined as (
    select
        findings.*,
        work.exception_id is not null
        and coalesce(work.episode, findings.episode) = findings.episode as is_worked,
        work.status as work_status,
        work.accepted_details,
        work.assigned_to,
        work.resolution_action as work_action,
        work.resolution_notes,
        work.investigation_notes,
        work.investigated_by,
        work.investigated_at,
        work.resolved_by,
        work.resolved_at as work_resolved_at,
        work.blocked,
        work.block_reason,
        work.max_retries,
        work.updated_at as work_updated_at
    from findings
    left join work on findings.exception_id = work.exception_id
),

judged as (
    select
        *,
        is_standing and is_worked and work_status = 'RESOLVED' and work_action = 'ACCEPTED'
        and exception_type in ('RECON_MISMATCH', 'METRIC_DRIFT')
        and accepted_details = details as is_accepted,
        case
            when not is_standing
                then case
                    when is_worked and work_status in ('RESOLVED', 'IGNORED') then work_status
                    else 'RESOLVED'
                end
            when not is_worked then 'NEW'
            when work_status <> 'RESOLVED' then work_status
            when work_action = 'ACCEPTED'
                then case when accepted_details = details then 'RESOLVED' else 'NEW' end
            when last_seen_at > work_resolved_at then 'NEW'
            else work_status
        end as status
    from joined
),

final as (
    select
        exception_id,
        dataset,
        entity,
        record_key,
        record_id,
        batch_id,
        check_id,
        exception_type,
        check_id as exception_code,
        source_layer,
        source_table,
        target_layer,
        target_table,
        message,
        details,
        severity,
        coalesce(status, 'NEW') as status,
        is_standing,
        coalesce(is_accepted, false) as is_accepted,
        episode,
        occurrences,
        first_seen_run,
        last_seen_run,
        first_seen_at,
        last_seen_at,
        case when is_worked then assigned_to end as assigned_to,
        case
            when is_worked and status in ('RESOLVED', 'IGNORED')
                then coalesce(work_action, case when not is_standing then 'AUTO' end)
            when not is_standing then 'AUTO'
        end as resolution_action,
        case when is_worked then resolution_notes end as resolution_notes,
        investigation_notes,
        investigated_by,
        investigated_at,
        case when is_worked and status = 'RESOLVED' then resolved_by end as resolved_by,
        case
            when status = 'RESOLVED'
                then coalesce(case when is_worked then work_resolved_at end, changed_at)
        end as resolved_at,
        greatest(occurrences - 1, 0) as retry_count,
        coalesce(max_retries, {{ var('max_retries') }}) as max_retries,
        case when occurrences > 1 then last_seen_at end as last_retry_at,
        null::timestamptz as next_retry_at,
        coalesce(blocked, false) as blocked,
        block_reason,
        first_seen_at + case severity
            {%- for severity, hours in var('sla_hours').items() %}
            when '{{ severity }}' then interval '{{ hours }} hours'
            {%- endfor %}
        end as sla_due_at,
        greatest(changed_at, work_updated_at) as updated_at
    from judged
)

select * from final
