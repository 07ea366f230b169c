{#-
    Status of every record: one row per record that raw holds, and per line rejected at load. Filter
    by dataset, entity and record_key, or by record_id, which are indexed.
-#}
{{ trustgate.quality_view() }}

with

{% for entity in trustgate.setting('entities') -%}
{{ entity }} as (
    {{ trustgate.status_of_evaluated(entity) | indent(4) }}
    union all
    {{ trustgate.status_of_unevaluated(entity) | indent(4) }}
),
{% endfor %}
records as (
    {%- for entity in trustgate.setting('entities') %}
    select * from {{ entity }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

received as (
    select
        dataset,
        entity,
        record_key,
        record_id,
        batch_id,
        row_number,
        case
            when attempts = 0 then 'raw'
            when fate = 'PROMOTED' and is_in_candidate then 'candidate'
            when fate = 'PROMOTED' then 'stg'
            else 'base'
        end as stage,
        case
            when fate = 'PENDING' then 'PENDING'
            when requested_at is not null then 'REPROCESSING'
            when fate = 'PROMOTED' then 'PROCESSED'
            when fate in ('DUPLICATE', 'SUPERSEDED') then 'SKIPPED'
            else 'FAILED'
        end as state,
        coalesce(requested_at, last_attempt_at, received_at) as state_since,
        attempts,
        max_attempts,
        last_attempt_at,
        next_attempt_at,
        error,
        fate,
        blocked,
        block_reason,
        case
            when requested_at is not null then true
            when fate = 'PENDING' then not blocked
            else coalesce(fate = 'QUARANTINED' and next_attempt_at <= now(), false)
        end as is_eligible,
        version_before::text as previous_id,
        case when fate = 'PROMOTED' then row_after else version_after::text end as next_id,
        checksum,
        run_id,
        received_at
    from records
),

rejected as (
    select
        batches.dataset,
        batches.entity,
        rejects.batch_id || ':' || rejects.row_number as record_key,
        null::uuid as record_id,
        rejects.batch_id,
        rejects.row_number,
        'load' as stage,
        'FAILED' as state,
        batches.loaded_at as state_since,
        1 as attempts,
        1 as max_attempts,
        batches.loaded_at as last_attempt_at,
        null::timestamptz as next_attempt_at,
        concat_ws(': ', rejects.reason, rejects.detail) as error,
        'REJECTED' as fate,
        true as blocked,
        'unreadable at load' as block_reason,
        false as is_eligible,
        null::text as previous_id,
        null::text as next_id,
        md5(rejects.raw_line) as checksum,
        null::text as run_id,
        batches.loaded_at as received_at
    from {{ trustgate.bookkeeping('rejects') }} as rejects
    inner join {{ trustgate.bookkeeping('batches') }} as batches on rejects.batch_id = batches.batch_id
),

final as (
    select * from received
    union all
    select * from rejected
)

select * from final
