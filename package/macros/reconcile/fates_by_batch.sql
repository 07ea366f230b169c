{#-
    SQL of the fates of an entity's records, counted by batch: one row per batch with sent,
    rejected, blank, pending, duplicate, superseded, quarantined, promoted.

    Args: entity.
    Sent is the control total of the batch; where control totals do not match, and the batch was put
    on hold, what arrived. Pending is counted in raw, the rest in base (`layer_totals`). All records
    of a rejected batch are rejected.
-#}
{% macro fates_by_batch(entity) -%}
select
    '{{ entity }}'::text as entity,
    controls.dataset,
    controls.batch_id,
    controls.status,
    case
        when controls.status = 'LOADED' and controls.expected_count is not null
            then controls.expected_count
        else controls.loaded_count + controls.rejected_count
    end as sent,
    controls.blank_count as blank,
    controls.rejected_count + case
        when controls.status = 'REJECTED' then unchecked.record_count else 0
    end as rejected,
    case when controls.status = 'REJECTED' then 0 else unchecked.record_count end as pending,
    coalesce(counted.duplicate, 0)::bigint as duplicate,
    coalesce(counted.superseded, 0)::bigint as superseded,
    coalesce(counted.quarantined, 0)::bigint as quarantined,
    coalesce(counted.promoted, 0)::bigint as promoted
from (
    select * from {{ ref('trustgate', 'batch_controls') }} where entity = '{{ entity }}'
) as controls
left join (
    select
        dataset,
        batch_id,
        coalesce(sum(record_count) filter (where layer = 'raw_{{ entity }}'), 0) as received,
        {%- for fate in ('DUPLICATE', 'SUPERSEDED', 'QUARANTINED', 'PROMOTED') %}
        coalesce(sum(record_count) filter (
            where layer = 'base_{{ entity }}' and fate = '{{ fate }}'
        ), 0) as {{ fate | lower }},
        {%- endfor %}
        coalesce(sum(record_count) filter (where layer = 'base_{{ entity }}'), 0) as checked
    from {{ trustgate.bookkeeping('layer_totals') }}
    where layer in ('raw_{{ entity }}', 'base_{{ entity }}')
    group by dataset, batch_id
) as counted on controls.dataset = counted.dataset and controls.batch_id = counted.batch_id
cross join lateral (
    select (coalesce(counted.received, 0) - coalesce(counted.checked, 0))::bigint as record_count
) as unchecked
{%- endmacro %}
