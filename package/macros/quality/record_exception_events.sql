{#-
    Statement that records, as events, what this run changed in the findings, in the same
    transaction. A resolved exception opens again where its values change. Being found once more as
    it was is no event.
-#}
{% macro record_exception_events() -%}
    insert into {{ trustgate.bookkeeping('exception_events') }} (
        exception_id, event, actor, from_status, to_status, note, run_id, occurred_at
    )
    select
        exception_id,
        case when is_reopened then 'REOPENED' else last_event end,
        'run',
        case
            when last_event = 'REOPENED' or is_reopened then 'RESOLVED'
            when last_event = 'RESOLVED' then coalesce(worked_status, 'NEW')
        end,
        case when last_event not in ('CHANGED', 'SEEN') or is_reopened then status end,
        case last_event when 'RESOLVED' then 'no longer found' else message end,
        changed_run,
        changed_at
    from (
        select
            findings.*,
            case when work.episode = findings.episode then work.status end as worked_status,
            {{ trustgate.exception_status('findings', 'work') | indent(12) }} as status,
            findings.last_event in ('CHANGED', 'SEEN')
            and work.episode = findings.episode
            and work.status = 'RESOLVED'
            and {{ trustgate.exception_status('findings', 'work') | indent(12) }} = 'NEW'
            and not exists (
                select 1 from {{ trustgate.bookkeeping('exception_events') }} as events
                where
                    events.exception_id = findings.exception_id
                    and events.event = 'REOPENED'
                    and events.occurred_at > work.resolved_at
            ) as is_reopened
        from {{ this }} as findings
        left join {{ trustgate.bookkeeping('exception_work') }} as work
            on findings.exception_id = work.exception_id
        where findings.changed_run = '{{ invocation_id }}' and findings.changed_at = now()
    ) as changed
    where last_event <> 'SEEN' or is_reopened
{%- endmacro %}
