{#-
    CTEs of the metrics by grain: `affected` (where only affected grains are compared), `source`,
    `target`, and `totals` with both sides of a grain: key_1, …, record_key, is_in_source,
    is_in_target, and for each metric expected_1, …, actual_1, … They are combined by grouping: NULL
    then equals NULL, and the planner makes no nested loop.
-#}
{% macro grain_totals(sides, grain, names, metrics, dataset, is_partial) -%}
{% if is_partial -%}
affected as (
    select {{ trustgate.grain_keys(grain, names, 'source') }}
    from (
        {{ trustgate.changed_records(sides.source.entity, dataset) | indent(8) }}
    ) as side
    union
    {#- No rows, only the types of the target, so that the grain has those of `totals`. #}
    select {{ trustgate.grain_keys(grain, names, 'target') }}
    from {{ trustgate.side_from(sides.target) }}
    where false
),

{% endif -%}
{%- for name, side in sides.items() %}
{{ name }} as (
    select
        {{ (name == 'source') | lower }} as is_of_source,
        {{ trustgate.grain_keys(grain, names, name) }}
        {%- for how in metrics.values() %},
        ({{ how[name] }})::text::numeric as metric_{{ loop.index }}
        {%- endfor %}
    {%- if is_partial %}
    from (
        {{ trustgate._rows_of_affected_grains(side, grain, names, name, dataset) | indent(8) }}
    ) as side
    {%- else %}
    from {{ trustgate.side_from(side) }}
    where
        {{ trustgate.side_condition(side, dataset) | indent(8) }}
    {%- endif %}
    group by {{ range(2, names | length + 2) | join(', ') }}
),
{% endfor %}
totals as (
    select
        {{ trustgate.key_names(names) }},
        coalesce(max(record_key) filter (where is_of_source), max(record_key)) as record_key,
        bool_or(is_of_source) as is_in_source,
        bool_or(not is_of_source) as is_in_target
        {%- for metric in metrics %},
        max(metric_{{ loop.index }}) filter (where is_of_source) as expected_{{ loop.index }},
        max(metric_{{ loop.index }}) filter (where not is_of_source) as actual_{{ loop.index }}
        {%- endfor %}
    from (
        select
            *,
            {{ trustgate.affected_grain(names) }} as record_key
        from (
            select * from source
            union all
            select * from target
        ) as sides
    ) as sides
    group by {{ trustgate.key_names(names) }}
)
{%- endmacro %}


{#-
    SQL of the rows of one side whose grain is affected, through an index on the grain where there
    is one. Rows that lack a part of the grain are read separately, and only where such a grain is
    affected, since nothing equals NULL.
-#}
{% macro _rows_of_affected_grains(side, grain, names, name, dataset) -%}
{%- set columns, affected_columns = [], [] -%}
{%- for grain_name in names -%}
    {%- do columns.append(trustgate.grain_column(grain, grain_name, name)) -%}
    {%- do affected_columns.append('key_' ~ loop.index) -%}
{%- endfor -%}
{%- set rows_of_side -%}
select side.*
from {{ trustgate.side_from(side) }}
where {{ trustgate.side_condition(side, dataset) }}
{%- endset -%}
{{ rows_of_side }} and ({{ columns | join(', ') }}) in (select * from affected)
union all
{{ rows_of_side }}
    and ({{ columns | join(' is null or ') }} is null)
    and (
        select exists (
            select 1 from affected where {{ affected_columns | join(' is null or ') }} is null
        )
    )
{%- endmacro %}
