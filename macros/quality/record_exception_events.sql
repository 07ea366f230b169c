{#-
    Post-hook of the findings: what this run changed, as events, in the transaction that changed it.
-#}
{% macro record_exception_events() -%}
    insert into {{ ref('exception_events') }} (exception_id, event, actor, from_status, to_status, note, run_id, occurred_at)
    select
        exception_id,
        last_event,
        'run',
        case last_event when 'REOPENED' then 'RESOLVED' end,
        case last_event when 'RESOLVED' then 'RESOLVED' when 'CHANGED' then null else 'NEW' end,
        case last_event when 'RESOLVED' then 'no longer found' else message end,
        changed_run,
        changed_at
    from {{ this }}
    where changed_run = '{{ invocation_id }}' and changed_at = now()
{%- endmacro %}
