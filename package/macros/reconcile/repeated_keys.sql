{#-
    CTEs that find the keys which a side holds more than once, although it is expected to hold each
    once: `repeated_keys` (key_1, …, record_key, source_count, target_count).

    The join makes a pair of each source row and target row with the same key. If no key that both
    sides have is repeated, there are as many pairs as source rows with a partner, and as target
    rows with one. A repeated key that one side lacks is several times among the differences. Only
    where the counts disagree are the keys of both sides grouped. Keys are compared by value: 1.0
    and 1.00 are the same.
-#}
{% macro repeated_keys(source, target, keys, searched, is_partial) -%}
{%- set sides = {'source': source, 'target': target} -%}
matching as materialized (
    select
        coalesce(sum(pair_count) filter (
            where coalesce(match_status not in ('SOURCE_ONLY', 'TARGET_ONLY'), true)
        ), 0) as pair_count,
        {%- for name in sides %}
        coalesce(
            sum(pair_count) filter (where match_status = '{{ name | upper }}_ONLY'), 0
        ) as {{ name }}_only_count{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select match_status, pair_count from differing union all
        select null, pair_count from pairs where difference is null
    ) as differing
),

repetition as materialized (
    select
        {%- for name, side in sides.items() %}
        pair_count <> {{ trustgate._keyed_count(name, side, is_partial) }} - {{ name }}_only_count
        or
        {%- endfor %}
        exists (
            select 1
            from differing
            where match_status in ('SOURCE_ONLY', 'TARGET_ONLY')
            group by {{ trustgate.key_names(keys) }}
            having sum(pair_count) > 1
        ) as is_found
    from matching
),

repeated_keys as materialized (
    select
        {%- for part in trustgate.parts_of_pair(keys) %}
        {{ part }} as key_{{ loop.index }},
        {%- endfor %}
        {{ trustgate.record_key(trustgate.parts_of_pair(keys)) }} as record_key,
        coalesce(source.row_count, 0) as source_count,
        coalesce(target.row_count, 0) as target_count
    from (
        {%- for name, side in sides.items() %}
        {%- set row_count = 'sum(_row_count)' if trustgate.is_grouped(side) else 'count(*)' %}
        select {{ trustgate.key_names(keys) }}, {{ row_count }} as row_count
        from {{ name }} where (select is_found from repetition)
        group by {{ trustgate.key_names(keys) }}
    ) as {{ name }}
    {% if loop.first -%}
    full outer join (
    {%- endif -%}
    {%- endfor -%}
    on {{ trustgate.same_key(keys) }}
    where
        {{ 'source.row_count > 1' if source in searched else 'false' }}
        or {{ 'target.row_count > 1' if target in searched else 'false' }}
)
{%- endmacro %}


{#- SQL of the number of rows of a side that were compared. -#}
{% macro _keyed_count(name, side, is_partial) -%}
    {%- if is_partial or trustgate.is_grouped(side) -%}
        (select count(*) from {{ name }})
    {%- else -%}
        (select row_count - keyless_count from {{ name }}_counted)
    {%- endif -%}
{%- endmacro %}
