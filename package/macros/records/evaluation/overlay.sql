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
