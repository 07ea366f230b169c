{#-
    SQL of the status of an entity's records that raw holds and base lacks: not evaluated yet, on
    hold, or of a rejected batch. Columns as those of `status_of_evaluated`.
-#}
{% macro status_of_unevaluated(entity) -%}
select
    received._dataset,
    '{{ entity }}',
    received._record_id::text,
    received._record_id,
    received._batch_id,
    received._row_number,
    case when batches.status = 'REJECTED' then 'REJECTED' else 'PENDING' end,
    false,
    null::timestamptz,
    0,
    1 + {{ trustgate.max_retries(entity, "''") | indent(4) }},
    null::timestamptz,
    null::timestamptz,
    coalesce(batches.status in ('HELD', 'REJECTED'), false),
    case batches.status
        when 'HELD' then 'batch on hold'
        when 'REJECTED' then 'batch rejected' || coalesce(': ' || batches.decision_reason, '')
    end,
    case when batches.status = 'REJECTED' then
        'batch rejected' || coalesce(': ' || batches.decision_reason, '')
    end,
    null::uuid,
    null::uuid,
    null::text,
    received._checksum,
    null::text,
    received._loaded_at
from {{ trustgate.project_ref('raw_' ~ entity) }} as received
left join {{ trustgate.bookkeeping('batches') }} as batches on received._batch_id = batches.batch_id
where
    received._batch_id in (
        {{ trustgate.unchecked_batches(entity) | indent(8) }}
    )
    or received._batch_id in (
        {{ trustgate.excluded_batches(entity) }}
    )
{%- endmacro %}
