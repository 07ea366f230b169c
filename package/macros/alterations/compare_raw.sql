{#-
    Statement of base in a deep run, before it evaluates: records as alterations of raw the records
    whose content no longer has its checksum, and those that base holds and raw lacks. Nothing says
    what raw held, so that they are named and not restored.
-#}
{% macro compare_raw(entity) -%}
    {%- set layer = 'raw_' ~ entity -%}
    {%- set checksum = trustgate.checksum_of_content(trustgate.counted_layer(layer)) -%}
    insert into {{ trustgate.bookkeeping('alterations') }} (
        layer, entity, operation, dataset, record_key, record_id, batch_id, fields, after, found_by
    )
    select
        '{{ layer }}', '{{ entity }}',
        case when layer._record_id is null then 'DELETE' else 'UPDATE' end,
        coalesce(known._dataset, layer._dataset),
        coalesce(known._record_key, layer._record_id::text),
        coalesce(known._record_id, layer._record_id),
        coalesce(known._batch_id, layer._batch_id),
        '{}', case when layer._record_id is not null then to_jsonb(layer) end, 'comparison'
    from {{ trustgate.project_ref(layer) }} as layer
    full join {{ this }} as known on layer._record_id = known._record_id
    where
        (
            layer._record_id is null
            or layer._checksum <> known._checksum
            or layer._checksum <> {{ checksum | indent(12) }}
        )
        and coalesce(known._record_id, layer._record_id) not in (
            select record_id from ({{ trustgate.open_alterations(layer) }}) as open_alteration
            where record_id is not null
        )
{%- endmacro %}


{#-
    Statements of base in a deep run, after it evaluated: they name the fields that were altered in
    raw, and leave those records in base as they are.
-#}
{% macro keep_unlike_raw(found) -%}
    {%- set entity = model.config.meta.layer.entities[0] -%}
    {%- set altered -%}
        layer = 'raw_{{ entity }}' and restored_at is null
    {%- endset -%}
    update {{ trustgate.bookkeeping('alterations') }} as alteration
    set fields = compared.fields
    from (
        select found._record_id, {{ trustgate.quality_schema() }}.changed_fields(
            to_jsonb(existing), to_jsonb(found)
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
