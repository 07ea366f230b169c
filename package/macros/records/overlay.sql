{#-
    SQL of the corrections of an entity that are in force. Grain: one row per corrected record:
    record_id, corrections (jsonb: column to [text read instead, correction_id]). Of two corrections
    of one field the later applies.
-#}
{% macro overlay(entity) -%}
select
    record_id,
    jsonb_object_agg(
        field, jsonb_build_array(new_value, correction_id) order by corrected_at, correction_id
    ) as corrections
from {{ trustgate.bookkeeping('corrections') }}
where entity = '{{ entity }}' and reverted_at is null
group by record_id
{%- endmacro %}


{#-
    SQL of the raw records that base may hold, with their corrections, which `as_corrected` reads.
    The excluded batches are a setting (`begin_evaluation`), which the planner reads as a constant:
    with a subquery it would expect one row to remain.
-#}
{% macro _raw_with_overlay(entity) -%}
(
    select * from {{ trustgate.project_ref('raw_' ~ entity) }}
    where _batch_id <> all(coalesce(
        nullif(current_setting('trustgate.excluded_batches_{{ entity }}', true), ''), '{}'
    )::text[])
) as raw
left join (
    {{ trustgate.overlay(entity) | indent(4) }}
) as overlay on raw._record_id = overlay.record_id
{%- endmacro %}
