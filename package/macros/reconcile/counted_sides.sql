{#-
    CTEs `source_counted` and `target_counted`: row_count, the rows of a side, and keyless_count,
    those among them without a key. One pass over the side counts both. Where only affected keys are
    compared, the totals of its layer give the first, and rows without a key are counted only where
    there was one before or may be one now.
-#}
{% macro counted_sides(sides, keys, dataset, is_partial) -%}
{% for name, side in sides.items() -%}
{%- set counted -%}
        select
            count(*) as row_count,
            count(*) filter (
                where {{ trustgate.has_key(side, keys) }} is not true
            ) as keyless_count
        from {{ trustgate.side_from(side) }}
        where
            {{ trustgate.side_condition(side, dataset) | indent(12) }}
{%- endset -%}
{%- if is_partial and trustgate.layer_counted(side) -%}
{{ name }}_counted as materialized (
    select
        totals.row_count,
        coalesce(keyless.keyless_count, 0) as keyless_count
    from (
        select coalesce(sum(record_count), 0)::bigint as row_count
        from {{ trustgate.bookkeeping('layer_totals') }}
        where
            layer = '{{ trustgate.layer_counted(side) }}'
            and dataset = {{ trustgate.literal(dataset) }}
            and {{ trustgate._totals_condition(side) }}
    ) as totals
    left join (
        {{ counted }}
            and (select exists ({{ trustgate._keyless_known(side, keys, dataset) | indent(12) }}))
    ) as keyless on true
),
{%- else -%}
{{ name }}_counted as materialized (
        {{ counted }}
),
{%- endif %}

{% endfor -%}
{%- endmacro %}


{#- SQL condition on the totals of a side's layer, like that of `side_condition` on its rows. -#}
{% macro _totals_condition(side) -%}
    {%- if side.relation == 'stg_' ~ side.get('entity') -%}
        {{ return("fate = 'PROMOTED'") }}
    {%- endif -%}
    {{ return({
        'all': 'true',
        'latest': 'is_latest',
        'received': "fate <> 'DUPLICATE'",
        'promotable': "fate = 'PROMOTED'",
    }[side.get('records', 'all')]) }}
{%- endmacro %}


{#- SQL of a row for each sign of rows without a key: one was found before, or one has changed. -#}
{% macro _keyless_known(side, keys, dataset) -%}
select 1 from {{ this }} where match_status = 'NO_KEY'
{%- for key in keys if key != '_record_key' %}
union all
select 1
from {{ trustgate.project_ref('base_' ~ side.entity) }} as side
where
    side._dataset = {{ trustgate.literal(dataset) }}
    and {{ trustgate.in_increment(side.entity, 'side') }}
    and {{ trustgate.has_key({'relation': 'base_' ~ side.entity}, [key]) }} is not true
{%- endfor %}
{%- endmacro %}
