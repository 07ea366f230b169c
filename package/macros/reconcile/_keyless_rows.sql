{#- CTE `keyless`: the rows of both sides that have no key, counted by what their key reads as text. -#}
{% macro _keyless_rows(sides, keys, dataset) -%}
keyless as materialized (
    select
        record_key,
        min(batch_id) as batch_id,
        'NO_KEY' as match_status,
        null::jsonb as field_comparisons,
        null::text[] as mismatched_fields,
        null::numeric as discrepancy,
        count(*) filter (where side_name = 'source') as source_count,
        count(*) filter (where side_name = 'target') as target_count
    from (
        {%- for name, side in sides.items() %}
        select
            {{ trustgate._encoded_key(side, keys) }} as record_key,
            {{ 'side._batch_id' if name == 'source' and trustgate._knows_batch(side) else 'null::text' }} as batch_id,
            '{{ name }}' as side_name
        from {{ trustgate._side_from(side) }}
        where
            {{ trustgate._side_condition(side, dataset) | indent(12) }}
            and {{ trustgate._has_key(side, keys) }} is not true
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as sides
    group by record_key
)
{%- endmacro %}
