{#-
    SQL of the fates of an entity's records, counted by batch: one row per batch with sent, rejected,
    blank, pending, duplicate, superseded, quarantined, promoted.

    Args: entity; condition: SQL on `dataset` and `batch_id` of a batch.
    Sent is what the batch's control says; of a batch that differs from it, and so was held, what arrived.
    Promoted is counted in stg, pending in raw, the rest in base; of a rejected batch every record is.
-#}
{% macro fates_by_batch(entity, condition) -%}
{%- set base, stg = ref('base_' ~ entity), ref('stg_' ~ entity) -%}
select
    '{{ entity }}'::text as entity,
    controls.dataset,
    controls.batch_id,
    controls.status,
    case
        when controls.status = 'LOADED' then coalesce(controls.expected_count, controls.loaded_count + controls.rejected_count)
        else controls.loaded_count + controls.rejected_count
    end as sent,
    controls.blank_count as blank,
    controls.rejected_count + case when controls.status = 'REJECTED' then unchecked.record_count else 0 end as rejected,
    case when controls.status = 'REJECTED' then 0 else unchecked.record_count end as pending,
    coalesce(checked.duplicate, 0) as duplicate,
    coalesce(checked.superseded, 0) as superseded,
    coalesce(checked.quarantined, 0) as quarantined,
    coalesce(promoted.record_count, 0) as promoted
from (select * from {{ ref('batch_controls') }} where entity = '{{ entity }}' and {{ condition }}) as controls
left join (
    select _batch_id, count(*) as record_count
    from (select _batch_id, _dataset as dataset, _batch_id as batch_id from {{ ref('raw_' ~ entity) }}) as layer
    where {{ condition }}
    group by _batch_id
) as received on controls.batch_id = received._batch_id
left join (
    select
        _batch_id,
        count(*) as record_count,
        count(*) filter (where fate = 'DUPLICATE') as duplicate,
        count(*) filter (where fate = 'SUPERSEDED') as superseded,
        count(*) filter (where fate = 'QUARANTINED') as quarantined
    from (
        select
            version._batch_id,
            version._dataset as dataset,
            version._batch_id as batch_id,
            {{ trustgate.fate('version', 'good') }} as fate
        from {{ base }} as version
        left join {{ stg }} as good on version._record_key = good._record_key and version._dataset = good._dataset
    ) as layer
    where {{ condition }}
    group by _batch_id
) as checked on controls.batch_id = checked._batch_id
left join (
    select _batch_id, count(*) as record_count
    from (select _batch_id, _dataset as dataset, _batch_id as batch_id from {{ stg }}) as layer
    where {{ condition }}
    group by _batch_id
) as promoted on controls.batch_id = promoted._batch_id
cross join lateral (
    select coalesce(received.record_count, 0) - coalesce(checked.record_count, 0) as record_count
) as unchecked
{%- endmacro %}
