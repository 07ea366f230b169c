{#-
    SQL of the raw records that base may hold, with their corrections, which `as_corrected` reads.
    The excluded batches are a setting (`begin_evaluation`), which the planner reads as a constant:
    with a subquery it would expect one row to remain.
-#}
{% macro raw_with_overlay(entity) -%}
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
