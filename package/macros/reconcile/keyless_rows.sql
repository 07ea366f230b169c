{#- CTE `keyless`: the rows of both sides that have no key, counted by their encoded key. -#}
{% macro keyless_rows(sides, keys, dataset) -%}
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
            {{ 'side._batch_id' if name == 'source' and trustgate.knows_batch(side)
                else 'null::text' }} as batch_id,
            '{{ name }}' as side_name
        from {{ trustgate.side_from(side) }}
        where
            {{ trustgate.side_condition(side, dataset) | indent(12) }}
            and {{ trustgate.has_key(side, keys) }} is not true
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as sides
    group by record_key
)
{%- endmacro %}


{#- SQL of the key of a side as one text; a NULL part is empty text, which no other key has. -#}
{% macro _encoded_key(side, keys) -%}
    {%- set parts = [] -%}
    {%- for key in keys -%}
        {%- do parts.append('coalesce(' ~ trustgate.side_column(side, key) ~ "::text, '')") -%}
    {%- endfor -%}
    {{ return(trustgate.record_key(parts)) }}
{%- endmacro %}
