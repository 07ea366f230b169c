{#-
    SQL of the corrections of an entity that hold. Grain: one row per corrected record: record_id,
    corrections (jsonb: column to [text to read in its place, correction_id]). Of two corrections of one field
    the later holds.
-#}
{% macro overlay(entity) -%}
select
    record_id,
    jsonb_object_agg(field, jsonb_build_array(new_value, correction_id) order by corrected_at, correction_id) as corrections
from {{ trustgate.bookkeeping('corrections') }}
where entity = '{{ entity }}' and reverted_at is null
group by record_id
{%- endmacro %}


{#-
    SQL of raw records that base may hold, with their corrections beside them, to be read by `as_corrected`.
    The batches kept back are a setting (`begin_evaluation`), which the planner reads as a constant: of a
    subquery it would expect a row to be left.
-#}
{% macro _raw_with_overlay(entity) -%}
(
    select * from {{ trustgate.project_ref('raw_' ~ entity) }}
    where _batch_id <> all(coalesce(nullif(current_setting('trustgate.excluded_batches_{{ entity }}', true), ''), '{}')::text[])
) as raw
left join (
    {{ trustgate.overlay(entity) | indent(4) }}
) as overlay on raw._record_id = overlay.record_id
{%- endmacro %}
