"""SQL that writes a change of the chosen exceptions: its events, and the new state of the work."""

WRITE_EVENTS = """
    insert into {quality.exception_events} (
        exception_id, event, actor, from_status, to_status, note, run_id, occurred_at, details
    )
    select
        chosen.exception_id,
        steps.event,
        %(actor)s,
        nullif(steps.before, steps.after),
        nullif(steps.after, steps.before),
        case when steps.is_last then %(note)s::text end,
        null,
        %(at)s + steps.place * interval '1 microsecond',
        case
            when steps.is_last and %(action)s::text is not null
                then jsonb_strip_nulls(jsonb_build_object(
                    'action', %(action)s::text,
                    'values', case when %(binds)s then findings.details end
                ))
            when %(retry_at)s::timestamptz is not null
                then jsonb_build_object('retry_at', %(retry_at)s::timestamptz)
            when %(assigns)s
                then jsonb_build_object(
                    'from', case when work.episode = findings.episode then work.assigned_to end,
                    'to', %(assigned_to)s::text
                )
        end
    from pg_temp.trustgate_chosen as chosen
    join {quality.exceptions} as findings on chosen.exception_id = findings.exception_id
    join {quality.exception_work} as work on chosen.exception_id = work.exception_id
    join jsonb_to_recordset(%(steps)s::jsonb) as steps (
        start text, place integer, event text, before text, after text, is_last boolean
    ) on chosen.status = steps.start
    where chosen.refusal is null
"""
WRITE_WORK = """
    update {quality.exception_work} as work
    set
        status = coalesce(%(target)s::text, chosen.status),
        episode = findings.episode,
        accepted_details = case
            when %(target)s::text = 'RESOLVED'
                then case when %(binds)s then findings.details end
            when chosen.keeps then work.accepted_details
        end,
        assigned_to = case
            when %(assigns)s then %(assigned_to)s::text
            when work.episode = findings.episode then work.assigned_to
        end,
        resolution_action = case
            when %(target)s::text = 'RESOLVED' then %(action)s::text
            when chosen.keeps then work.resolution_action
        end,
        resolution_notes = case
            when %(target)s::text in ('RESOLVED', 'IGNORED') then %(note)s::text
            when chosen.keeps then work.resolution_notes
        end,
        resolved_by = case
            when %(target)s::text in ('RESOLVED', 'IGNORED') then %(actor)s
            when chosen.keeps then work.resolved_by
        end,
        resolved_at = case
            when %(target)s::text in ('RESOLVED', 'IGNORED') then %(at)s
            when chosen.keeps then work.resolved_at
        end,
        investigation_notes = case
            when %(target)s::text = 'IN_PROGRESS' then %(note)s::text
            when work.episode = findings.episode then work.investigation_notes
        end,
        investigated_by = case
            when chosen.is_taken_up then %(actor)s
            when work.episode = findings.episode then work.investigated_by
        end,
        investigated_at = case
            when chosen.is_taken_up then %(at)s
            when work.episode = findings.episode then work.investigated_at
        end,
        blocked = case
            when %(retries)s then false
            else coalesce(%(blocks)s::boolean, work.blocked, false)
        end,
        block_reason = case
            when %(blocks)s::boolean then %(note)s::text
            when %(blocks)s::boolean is null and not %(retries)s then work.block_reason
        end,
        retry_requested_at = case
            when %(retries)s then coalesce(%(retry_at)s::timestamptz, %(at)s)
            -- It was blocked because its attempts were used up, not by a user.
            when not %(blocks)s::boolean and work.blocked is not true then %(at)s
            else work.retry_requested_at
        end,
        version = coalesce(work.version, 0) + 1,
        updated_at = %(at)s,
        updated_by = %(actor)s
    from (
        select
            exception_id,
            status,
            %(target)s::text is null and status in ('RESOLVED', 'IGNORED') as keeps,
            %(passes_work)s and status in ('NEW', 'ACKNOWLEDGED') as is_taken_up
        from pg_temp.trustgate_chosen
        where refusal is null
    ) as chosen
    join {quality.exceptions} as findings on chosen.exception_id = findings.exception_id
    where work.exception_id = chosen.exception_id
"""
