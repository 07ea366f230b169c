{#-
    CTEs that join the two sides, `source` and `target`, and compare: `pairs` (difference: jsonb,
    null where the pair agrees; pair_count), and `differing`, with a column for each part of the
    difference. Where the reconciliation searches for repeated keys, `key_1`, … are the key of a
    pair that differs.
-#}
{% macro compared_pairs(sides, keys, compared, orphans, searched, is_partial) -%}
{%- set differs -%}
    {%- for column in compared -%}not {{ column.same }} or {% endfor -%}
    source.key_1 is null or target.key_1 is null
{%- endset -%}
{% if searched -%}
-- One row for all pairs that agree. The clock keeps the comparison in a select of its own.
pairs as materialized (
    select
        difference,
        {%- for key in keys %}
        case when difference is not null then key_{{ loop.index }} end as key_{{ loop.index }},
        {%- endfor %}
        count(*) as pair_count
    from (
        select
            case when {{ differs }} then
                {{ trustgate._difference(sides, keys, compared) | indent(16) }}
            end as difference,
            {%- for part in trustgate.parts_of_pair(keys) %}
            {{ part }} as key_{{ loop.index }},
            {%- endfor %}
            clock_timestamp() as _fence
        from source
        full outer join target on {{ trustgate.same_key(keys) }}
    ) as compared
    group by {% for key in keys %}{{ loop.index + 1 }}, {% endfor %}difference
),
{%- else -%}
pairs as materialized (
    select
        {{ trustgate._difference(sides, keys, compared) | indent(8) }} as difference,
        1 as pair_count
    from source
    {#- A full join, which is never a nested loop over both; orphans are left out later. #}
    {{ 'full outer' if orphans == 'report' or is_partial else 'inner' }} join target
        on {{ trustgate.same_key(keys) }}
    where {{ differs }}
),
{%- endif %}

differing as (
    select
        {%- if searched %}
        {{ trustgate.key_names(keys) }},
        {%- endif %}
        difference ->> 'record_key' as record_key,
        difference ->> 'batch_id' as batch_id,
        difference ->> 'match_status' as match_status,
        nullif(difference -> 'field_comparisons', 'null') as field_comparisons,
        (difference ->> 'mismatched_fields')::text[] as mismatched_fields,
        (difference ->> 'discrepancy')::numeric as discrepancy,
        coalesce((difference ->> 'source_count')::bigint, 0) as source_count,
        coalesce((difference ->> 'target_count')::bigint, 0) as target_count,
        pair_count
    from pairs
    where difference is not null
)
{%- endmacro %}


{#- SQL of the description of a pair that differs, as one jsonb. -#}
{% macro _difference(sides, keys, compared) -%}
{%- set measured = compared | selectattr('tolerance') | list -%}
{%- set is_pair = 'source.key_1 is not null and target.key_1 is not null' -%}
jsonb_build_object(
    'record_key', {{ trustgate.record_key(trustgate.parts_of_pair(keys)) }},
    'match_status', case
        when target.key_1 is null then 'SOURCE_ONLY'
        when source.key_1 is null then 'TARGET_ONLY'
        {%- if compared | length > 1 %}
        when {{ compared | map(attribute='same') | join(' or ') }} then 'PARTIAL_MATCH'
        {%- endif %}
        else 'MISMATCHED'
    end,
    {%- if compared %}
    'field_comparisons', case when {{ is_pair }} then jsonb_build_object(
        {%- for column in compared %}
        '{{ column.name }}', jsonb_build_object(
            'source', source.{{ column.name }},
            'target', target.{{ column.name }},
            'match', {{ column.same }}
        ){{ trustgate.next_pair(loop) }}
        {%- endfor %}
    ) end,
    'mismatched_fields', case when {{ is_pair }} then array_remove(array[
        {%- for column in compared %}
        case when not {{ column.same }} then '{{ column.name }}' end{{ ',' if not loop.last }}
        {%- endfor %}
    ], null)::text end,
    {%- endif %}
    {%- if measured %}
    'discrepancy', {{ trustgate.column_difference(measured[0].name) }},
    {%- endif %}
    'batch_id', {{ 'source._of_batch' if trustgate.knows_batch(sides.source) else 'null' }},
    'source_count', {{ trustgate._rows_of_key('source', sides.source) }},
    'target_count', {{ trustgate._rows_of_key('target', sides.target) }}
)
{%- endmacro %}


{#- SQL of the number of rows that a side's row represents; null where the side lacks the key. -#}
{% macro _rows_of_key(name, side) -%}
    {{ return(
        name ~ '._row_count' if trustgate.is_grouped(side)
        else '(' ~ name ~ '.key_1 is not null)::integer'
    ) }}
{%- endmacro %}
