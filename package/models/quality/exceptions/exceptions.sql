{#- Findings of runs, and exceptions that were logged, with the work of users: one row each. -#}
{{ trustgate.quality_view() }}

with

work as (select * from {{ trustgate.bookkeeping('exception_work') }}),

findings as (
    select {{ trustgate.finding_columns() | join(', ') }}
    from {{ ref('trustgate', 'exception_findings') }}
    union all
    {{ trustgate.logged_findings() | indent(4) }}
),

suppressions as (select * from {{ ref('trustgate', 'active_suppressions') }}),

joined as (
    select
        findings.*,
        {{ trustgate.exception_status('findings', 'work') | indent(8) }} as status,
        work.exception_id is not null
        and coalesce(work.episode, findings.episode) = findings.episode as is_worked,
        findings.details ? 'beyond_cap' as is_beyond_cap,
        work.accepted_details,
        work.assigned_to,
        work.resolution_action as work_action,
        work.resolution_notes,
        work.investigation_notes,
        work.investigated_by,
        work.investigated_at,
        work.resolved_by,
        work.resolved_at as work_resolved_at,
        coalesce(work.blocked, false) as is_blocked_by_hand,
        work.block_reason,
        work.retry_requested_at,
        work.status as work_status,
        {#- Subqueries, not a join: a query without these columns does not compute them. #}
        (
            select count(*)::integer
            from {{ trustgate.bookkeeping('retry_attempts') }} as attempts_made
            where
                attempts_made.record_id = findings.record_id
                and attempts_made.attempted_at > coalesce(work.retry_requested_at, '-infinity')
        ) as attempts,
        (
            select max(attempts_made.attempted_at)
            from {{ trustgate.bookkeeping('retry_attempts') }} as attempts_made
            where
                attempts_made.record_id = findings.record_id
                and attempts_made.attempted_at > coalesce(work.retry_requested_at, '-infinity')
        ) as last_retry_at,
        case
            when findings.record_id is not null and findings.severity <> 'WARNING'
                then {{ trustgate.max_retries_of_check('findings.entity', 'findings.check_id') }}
        end as max_retries,
        work.updated_at as work_updated_at,
        left(
            md5(concat_ws(
                '/',
                findings.changed_run,
                coalesce(work.version, 0),
                extract(epoch from work.updated_at)
            )), 12
        ) as version,
        coalesce(findings.opened_at, findings.first_seen_at) + case findings.severity
            {%- for severity, hours in trustgate.setting('sla_hours').items() %}
            when '{{ severity }}' then interval '{{ hours }} hours'
            {%- endfor %}
        end as sla_due_at,
        exists ( -- noqa: LT01, LT06
            select 1
            from suppressions
            where
                suppressions.check_id = findings.check_id
                and coalesce(suppressions.entity, findings.entity) = findings.entity
                and coalesce(suppressions.record_key, findings.record_key) = findings.record_key
        ) as is_suppressed
    from findings
    left join work on findings.exception_id = work.exception_id
),

with_acceptance as (
    select
        *,
        is_standing
        and is_worked
        and status = 'RESOLVED'
        and work_action = 'ACCEPTED'
        and exception_type in ('RECON_MISMATCH', 'METRIC_DRIFT', 'LOAD_REJECT')
        and not is_beyond_cap as is_accepted
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
        status,
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
        case when is_worked then investigation_notes end as investigation_notes,
        case when is_worked then investigated_by end as investigated_by,
        case when is_worked then investigated_at end as investigated_at,
        case
            when status not in ('RESOLVED', 'IGNORED') then null
            when is_worked and work_status = status then coalesce(resolved_by, 'unknown')
            else 'run'
        end as resolved_by,
        case
            when status not in ('RESOLVED', 'IGNORED') then null
            when is_worked and work_status = status then coalesce(work_resolved_at, changed_at)
            else changed_at
        end as resolved_at,
        attempts as retry_count,
        max_retries,
        last_retry_at,
        case
            when
                is_standing
                and not is_blocked_by_hand
                and (status <> 'IGNORED' or retry_requested_at > work_resolved_at)
                then {{ trustgate.next_retry_at(
                    'record_id', 'attempts', 'max_retries', 'last_retry_at', 'last_seen_at',
                    'retry_requested_at'
                ) | indent(16) }}
        end as next_retry_at,
        is_blocked_by_hand
        or (is_standing and coalesce(attempts >= max_retries, false)) as blocked,
        case
            when is_blocked_by_hand then block_reason
            when is_standing and attempts >= max_retries then 'no attempt left of ' || max_retries
        end as block_reason,
        sla_due_at,
        greatest(changed_at, work_updated_at) as updated_at,
        coalesce(record_count, is_standing::integer) as record_count,
        is_beyond_cap,
        coalesce(opened_at, first_seen_at) as opened_at,
        version,
        is_suppressed,
        is_standing
        and status in ('NEW', 'ACKNOWLEDGED', 'IN_PROGRESS')
        and not is_suppressed
        and sla_due_at < now() as is_overdue
    from with_acceptance
)

select * from final
