{#-
    Statements that note the keys which a side of a reconciliation, expected to hold each once, holds more
    than once, in a table that parallel workers can read. Candidates are found by hash, then counted
    exactly.

    Args: source, target, key, dataset: as in `reconcile_rows`.
-#}
{% macro note_duplicates(source, target, key, dataset=none) -%}
{%- set keys = [key] if key is string else key -%}
{%- set dataset = dataset or trustgate.active_dataset() -%}
{%- set is_partial = trustgate.compares_touched_keys(source, target) -%}
{%- set looked_at = trustgate._sides_that_may_repeat(source, target) -%}
{{ trustgate.parallel_plan() }}
create temporary table {{ model.name }}__duplicates on commit drop as
with

{% if is_partial -%}
touched as (
    {{ trustgate._touched_values(source, keys, dataset) }}
    union
    {{ trustgate._touched_values(target, keys, dataset) }}
),

{% endif -%}
suspected as (
    {%- for side in looked_at %}
    (
        select hash_record_extended(row({% for key in keys %}{{ trustgate._column_of(side, key) }}{{ ', ' if not loop.last }}{% endfor %}), 0) as key_hash
        from {{ trustgate._side_from(side) }}
        where {{ trustgate._side_condition(side, dataset) | indent(8) }} and not {{ trustgate._is_empty_key(side, keys) }}
        {%- if is_partial %}
            and ({% for key in keys %}{{ trustgate._column_of(side, key) }}{{ ', ' if not loop.last }}{% endfor %}) in (
                select {% for key in keys %}key_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %} from touched
            )
        {%- endif %}
        group by 1
        having count(*) > 1
    )
    union
    {%- endfor %}
    select null::bigint as key_hash where false
),

carrying as (
    {%- for side in (source, target) %}
    select
        {{ trustgate._encoded_key(side, keys) }} as record_key,
        {{ loop.index }} as side
    from {{ trustgate._side_from(side) }}
    where {{ trustgate._side_condition(side, dataset) | indent(4) }}
        and not {{ trustgate._is_empty_key(side, keys) }}
        and hash_record_extended(row({% for key in keys %}{{ trustgate._column_of(side, key) }}{{ ', ' if not loop.last }}{% endfor %}), 0) in (select key_hash from suspected)
        and exists (select 1 from suspected)
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    record_key,
    count(*) filter (where side = 1) as source_count,
    count(*) filter (where side = 2) as target_count
from carrying
group by record_key
having
    {{ 'false' if source not in looked_at else 'count(*) filter (where side = 1) > 1' }}
    or {{ 'false' if target not in looked_at else 'count(*) filter (where side = 2) > 1' }};
delete from {{ ref('duplicate_keys') }} as standing
where standing.reconciliation = '{{ model.name }}'
    and not exists (
        select 1 from {{ model.name }}__duplicates as found
        where (found.record_key, found.source_count, found.target_count) = (standing.record_key, standing.source_count, standing.target_count)
    )
    {%- if is_partial %}
    {#- A key that was not touched stands several times as it did before. #}
    and standing.record_key in (
        select {{ trustgate._touched_key(keys) }}
        from (
            {{ trustgate._touched_values(source, keys, dataset) }}
            union
            {{ trustgate._touched_values(target, keys, dataset) }}
        ) as touched
    )
    {%- endif %};
insert into {{ ref('duplicate_keys') }} (reconciliation, record_key, source_count, target_count)
select '{{ model.name }}', found.record_key, found.source_count, found.target_count
from {{ model.name }}__duplicates as found
where not exists (
    select 1 from {{ ref('duplicate_keys') }} as standing
    where standing.reconciliation = '{{ model.name }}' and standing.record_key = found.record_key
)
{%- endmacro %}


{#- The sides that are expected to hold each key once, and are not known to. -#}
{% macro _sides_that_may_repeat(source, target) -%}
    {%- set looked_at = [] -%}
    {%- for side in (source, target) if not (side.get('many') or side.get('aggregate') or side.get('is_unique')) -%}
        {%- do looked_at.append(side) -%}
    {%- endfor -%}
    {{ return(looked_at) }}
{%- endmacro %}
