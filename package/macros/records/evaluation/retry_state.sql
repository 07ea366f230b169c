{#-
    SQL of the retry state of the failing records of an entity. Grain: one row per latest version
    that failed: dataset, record_key, record_id, attempts (since a user last requested a retry),
    last_retry_at, max_retries (the most that any of its failing rules allows), is_blocked (whether
    all of them are blocked or ignored), next_retry_at (null where no attempt is left).

    The wait before attempt n is the n-th of `var('retry_minutes')`, or the last of them, give or
    take a tenth by a hash of record, attempt and `var('retry_seed')`, so that attempts spread out.
    Number of attempts: the environment's TRUSTGATE_MAX_RETRIES, else the rule's `max_retries`, else
    the entity's, else `var('max_retries')`.
-#}
{% macro retry_state(entity, base=none) -%}
{%- set base = base or trustgate.project_ref('base_' ~ entity) -%}
select
    failing.dataset,
    failing.record_key,
    failing.record_id,
    failing.attempts,
    failing.last_retry_at,
    failing.max_retries,
    failing.is_blocked,
    {{ trustgate.next_retry_at(
        'failing.record_id', 'failing.attempts', 'failing.retries_allowed', 'failing.last_retry_at',
        'failing.checked_at', 'failing.requested_at'
    ) }} as next_retry_at
from (
    select
        verdict._dataset as dataset,
        verdict._record_key as record_key,
        verdict._record_id as record_id,
        verdict._checked_at as checked_at,
        coalesce(case when worked.requested_at is null then attempted.attempts else (
            select count(*)::integer
            from {{ trustgate.bookkeeping('retry_attempts') }} as attempt
            where
                attempt.record_id = verdict._record_id
                and attempt.attempted_at > worked.requested_at
        ) end, 0) as attempts,
        attempted.last_retry_at,
        worked.requested_at,
        case
            when worked.record_id is not null then worked.max_retries
            else {{ trustgate._greatest_max_retries(entity) }}
        end as retries_allowed,
        {{ trustgate._greatest_max_retries(entity) }} as max_retries,
        worked.record_id is not null and worked.max_retries is null as is_blocked
    from {{ base }} as verdict
    left join (
        select
            record_id,
            count(*)::integer as attempts,
            max(attempted_at) as last_retry_at
        from {{ trustgate.bookkeeping('retry_attempts') }}
        where entity = '{{ entity }}'
        group by record_id
    ) as attempted on verdict._record_id = attempted.record_id
    left join (
        {{ trustgate._decisions_by_record(entity, base) | indent(8) }}
    ) as worked on verdict._record_id = worked.record_id
    where verdict._dq_status = 'FAILED' and verdict._is_latest
) as failing
{%- endmacro %}


{#-
    SQL of users' decisions on the exceptions of failing records; read only where there are any.
    Grain: one row per latest version that failed: record_id, max_retries, requested_at.
-#}
{% macro _decisions_by_record(entity, base) -%}
select
    verdict._record_id as record_id,
    max({{ trustgate.max_retries(entity, 'broken.rule_id') }})
        filter (where {{ trustgate.is_tried_again('work') }}) as max_retries,
    max(work.retry_requested_at)
        filter (where {{ trustgate.is_tried_again('work') }}) as requested_at
from {{ base }} as verdict
cross join lateral unnest(verdict._dq_failed) as broken (rule_id)
left join {{ trustgate.bookkeeping('exception_work') }} as work
    on work.exception_id = md5(row(
        verdict._dataset, '{{ entity }}'::text, verdict._record_key, broken.rule_id
    )::text)::uuid
where
    verdict._dq_status = 'FAILED'
    and verdict._is_latest
    and (
        select exists (
            select 1
            from {{ trustgate.bookkeeping('exception_work') }}
            where blocked or retry_requested_at is not null or status = 'IGNORED'
        )
    )
group by verdict._record_id
{%- endmacro %}


{#- SQL of the attempts that a failing record has: the most that any rule it fails allows. -#}
{% macro _greatest_max_retries(entity) -%}
    {%- set own = trustgate.max_retries(entity, 'broken.rule_id') -%}
    {%- if 'case' not in own -%}{{ return(own) }}{%- endif -%}
    (select max({{ own }}) from unnest(verdict._dq_failed) as broken (rule_id))
{%- endmacro %}
