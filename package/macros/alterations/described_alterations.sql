{#-
    SQL that describes each alteration with an exception of its own, as `failing_checks` does what
    fails.
-#}
{% macro described_alterations(kept) -%}
select
    kept.entity,
    kept.record_key,
    kept.check_id,
    null::uuid as record_id,
    kept.batch_id,
    'ALTERATION'::text as exception_type,
    'CRITICAL'::text as severity,
    split_part(altered.layer, '_', 1) as source_layer,
    altered.layer as source_table,
    split_part(altered.layer, '_', 1) as target_layer,
    altered.layer as target_table,
    concat_ws(
        ' ',
        case altered.operation
            when 'INSERT' then 'row added'
            when 'DELETE' then 'row removed'
            else 'fields altered'
        end,
        'in', altered.layer, 'from outside', 'by ' || altered.altered_by
    ) as message,
    jsonb_build_object(
        'operation', altered.operation,
        'fields', (
            select jsonb_object_agg(field, jsonb_build_object(
                'expected', altered.before -> field, 'actual', altered.after -> field
            ))
            from unnest(altered.fields) as field
            where altered.operation = 'UPDATE'
        )
    ) as details,
    kept.evaluation
from {{ kept }} as kept
inner join ({{ trustgate.alterations_by_key() | indent(4) }}) as altered
    on kept.evaluation = altered.alteration_id::text
where kept.kind = 'alteration'
{%- endmacro %}
