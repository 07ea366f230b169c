{#-
    SQL of the alterations that are not restored (`unrestored_alterations`), with the record key in
    place of the record id that raw knows a record by.
-#}
{% macro alterations_by_key() -%}
select
    alteration_id,
    entity,
    layer,
    operation,
    batch_id,
    fields,
    before,
    after,
    altered_by,
    case
        when layer !~ '^raw_' then record_key
        {%- for entity in trustgate.setting('entities') %}
        when entity = '{{ entity }}' then coalesce((
            select known._record_key
            from {{ trustgate.project_ref('base_' ~ entity) }} as known
            where known._record_id = altered.record_id
        ), record_key)
        {%- endfor %}
    end as record_key
from ({{ trustgate.unrestored_alterations() | indent(4) }}) as altered
{%- endmacro %}
