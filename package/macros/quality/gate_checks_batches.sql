{#-
    SQL of the gate's check on batches on hold: their control totals do not match, and no user has
    released or rejected them yet. It reads `batches`, so that a decision counts at once.
-#}
{% macro gate_checks_batches(entity) -%}
select
    '{{ entity }}_held_batches' as check_id,
    'batch' as kind,
    '{{ entity }}' as entity,
    'CRITICAL' as severity,
    count(*) as open_count,
    0::bigint as suppressed_count,
    0::bigint as allowed,
    count(*) = 0 as is_open,
    case
        when count(*) = 0 then 'no batch of {{ entity }} is on hold'
        else 'control totals do not match; on hold: '
            || string_agg(batch_id, ', ' order by batch_id)
    end as detail
from {{ trustgate.bookkeeping('batches') }}
where
    dataset = {{ trustgate.literal(trustgate.active_dataset()) }}
    and entity = '{{ entity }}'
    and status = 'HELD'
{%- endmacro %}
