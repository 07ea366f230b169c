{#-
    Statements of base in a deep run, after it evaluated: they name the fields that were altered in
    raw, and leave those records in base as they are.
-#}
{% macro keep_unlike_raw(found) -%}
    {%- set entity = model.config.meta.layer.entities[0] -%}
    {%- set without_stamps = "- array['" ~ trustgate.stamp_columns() | join("', '") ~ "']" -%}
    {%- set altered -%}
        layer = 'raw_{{ entity }}' and restored_at is null
    {%- endset -%}
    update {{ trustgate.bookkeeping('alterations') }} as alteration
    set fields = compared.fields
    from (
        select found._record_id, {{ trustgate.quality_schema() }}.changed_fields(
            to_jsonb(existing) {{ without_stamps }}, to_jsonb(found) {{ without_stamps }}
        ) as fields
        from {{ found }} as found
        inner join {{ this }} as existing on found._record_id = existing._record_id
        where found._record_id in (
            select record_id from {{ trustgate.bookkeeping('alterations') }} where {{ altered }}
        )
    ) as compared
    where
        {{ altered }} and alteration.found_by = 'comparison' and alteration.fields = '{}'
        and alteration.record_id = compared._record_id;
    delete from {{ found }} where _record_id in (
        select record_id from {{ trustgate.bookkeeping('alterations') }} where {{ altered }}
    )
{%- endmacro %}
