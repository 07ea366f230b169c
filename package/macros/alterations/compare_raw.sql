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
