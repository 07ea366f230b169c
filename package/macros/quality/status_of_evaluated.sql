{#-
    SQL of the status of an entity's records that base holds: one row per record with the stage it
    reached, its attempts, and the records before and after it. `good` is the row of its key in stg,
    `published` its row in the candidate.

    Subqueries, not joins, where few queries need the column: others do not compute it.
-#}
{% macro status_of_evaluated(entity) -%}
{%- set base = trustgate.project_ref('base_' ~ entity) -%}
{%- set candidate = trustgate.setting('candidates').get(entity) -%}
select
    version._dataset as dataset,
    '{{ entity }}'::text as entity,
    version._record_key as record_key,
    version._record_id as record_id,
    version._batch_id as batch_id,
    version._row_number as row_number,
    {{ trustgate.fate('version', 'good') | indent(4) }} as fate,
    {% if candidate -%}
    published._record_id is not null
    {%- else -%}
    false
    {%- endif %} as is_in_candidate,
    {{ trustgate._requested_since('version', entity) | indent(4) }} as requested_at,
    1 + coalesce(retry.attempts, (
        select count(*)
        from {{ trustgate.bookkeeping('retry_attempts') }} as attempt
        where attempt.record_id = version._record_id
    ))::integer as attempts,
    1 + coalesce(
        retry.max_retries, {{ trustgate.max_retries(entity, "''") | indent(8) }}
    ) as max_attempts,
    version._checked_at as last_attempt_at,
    retry.next_retry_at as next_attempt_at,
    coalesce(retry.next_retry_at is null and version._is_latest, false)
    and version._dq_status = 'FAILED' as blocked,
    case
        when version._dq_status <> 'FAILED' or not version._is_latest then null
        when retry.is_blocked then 'excluded from attempts by a user'
        when retry.next_retry_at is null then 'no attempt left of ' || retry.max_retries
    end as block_reason,
    (
        select string_agg(
            failed.rule_id || coalesce(': ' || {{ trustgate.error_message(
                'rules', '(version._dq_details -> failed.rule_id)'
            ) | indent(16) }}, ''), '; ' order by failed.rule_id
        )
        from unnest(version._dq_failed) as failed (rule_id)
        left join {{ ref('trustgate', 'dq_rules') }} as rules
            on failed.rule_id = rules.rule_id and rules.entity = '{{ entity }}'
    ) as error,
    {{ trustgate._version_before(base) | indent(4) }} as version_before,
    case
        when version._is_duplicate then (
            select original._record_id
            from {{ base }} as original
            where
                original._record_key = version._record_key
                and original._dataset = version._dataset
                and original._version_number = version._version_number
                and not original._is_duplicate
        )
        when good._version_number > version._version_number then good._record_id
    end as version_after,
    {% if candidate -%}
    case when published._record_id is not null then
        {{ trustgate.row_key_as_json(candidate, 'published') }}
    end
    {%- else -%}
    null::text
    {%- endif %} as row_after,
    version._checksum as checksum,
    version._run_id as run_id,
    version._loaded_at as received_at
from {{ base }} as version
left join {{ trustgate.project_ref('stg_' ~ entity) }} as good
    on version._record_key = good._record_key and version._dataset = good._dataset
{%- if candidate %}
left join {{ trustgate.project_ref(candidate) }} as published
    on version._record_id = published._record_id and version._dataset = published._dataset
{%- endif %}
left join (
    {{ trustgate.retry_state(entity) | indent(4) }}
) as retry on version._record_id = retry.record_id
{%- endmacro %}


{#- SQL of the version before `version` of the same key; null for the first. -#}
{% macro _version_before(base) -%}
(
    select earlier._record_id
    from {{ base }} as earlier
    where
        earlier._record_key = version._record_key
        and earlier._dataset = version._dataset
        and earlier._version_number < version._version_number
        and not earlier._is_duplicate
    order by earlier._version_number desc
    limit 1
)
{%- endmacro %}


{#- SQL of since when an evaluation of a record is requested that no run has served. -#}
{% macro _requested_since(version, entity) -%}
(
    select min(request.requested_at)
    from {{ trustgate.bookkeeping('reprocess_requests') }} as request
    where
        request.entity = '{{ entity }}'
        and request.dataset = {{ version }}._dataset
        and not exists (
            select 1
            from {{ trustgate.bookkeeping('served_requests') }} as served
            where served.request_id = request.request_id
        )
        and case request.scope
            when 'key' then request.record_key = {{ version }}._record_key
            when 'batch' then request.batch_id = {{ version }}._batch_id
            when 'failed' then {{ version }}._dq_status in ('FAILED', 'WARNING')
            when 'stale_rules' then {{ version }}._rules_version not in (
                select rules.rules_version
                from {{ ref('trustgate', 'dq_rules') }} as rules
                where rules.entity = '{{ entity }}'
            )
            else request.scope = 'all'
        end
)
{%- endmacro %}
