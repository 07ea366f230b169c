{#-
    CTE `requested_records`: records of base to evaluate again although nothing new arrived: a
    correction was made or reverted, a user requested it, or an attempt is due. Grain: one row per
    record (`_record_id`).
-#}
{% macro requested_records(declared) -%}
{%- set entity = declared.entity -%}
requested_keys as (
    select request.dataset, request.record_key
    from {{ trustgate.bookkeeping('reprocess_requests') }} as request
    inner join {{ trustgate.bookkeeping('served_requests') }} as served
        on request.request_id = served.request_id
    where
        served.run_id = '{{ invocation_id }}' and served.entity = '{{ entity }}'
        and request.scope = 'key'
),

requested_records as (
    select known._record_id
    from (
        select distinct record_id from {{ trustgate.bookkeeping('corrections') }}
        where entity = '{{ entity }}'
    ) as corrected
    inner join {{ this }} as known on corrected.record_id = known._record_id
    left join (
        {{ trustgate.overlay(entity) | indent(8) }}
    ) as overlay on corrected.record_id = overlay.record_id
    where known._corrections is distinct from overlay.corrections
    union
    select known._record_id
    from {{ this }} as known
    inner join requested_keys
        on known._dataset = requested_keys.dataset and known._record_key = requested_keys.record_key
    union
    select _record_id
    from {{ this }}
    where
        current_setting('trustgate.requested_batches_{{ entity }}') <> '{}'
        and _batch_id = any(current_setting('trustgate.requested_batches_{{ entity }}')::text[])
    union
    select attempt.record_id
    from {{ trustgate.bookkeeping('retry_attempts') }} as attempt
    where attempt.run_id = '{{ invocation_id }}' and attempt.entity = '{{ entity }}'
    union
    select _record_id
    from {{ this }}
    where
        current_setting('trustgate.failed_{{ entity }}') <> '{}'
        and _dataset = any(current_setting('trustgate.failed_{{ entity }}')::text[])
        and _dq_status in ('FAILED', 'WARNING')
    union
    select _record_id
    from {{ this }}
    where
        current_setting('trustgate.stale_rules_{{ entity }}') <> '{}'
        and _dataset = any(current_setting('trustgate.stale_rules_{{ entity }}')::text[])
        and _rules_version <> '{{ declared.rules_version }}'
    union
    select _record_id
    from {{ this }}
    where
        current_setting('trustgate.all_{{ entity }}') <> '{}'
        and _dataset = any(current_setting('trustgate.all_{{ entity }}')::text[])
),
{%- endmacro %}
