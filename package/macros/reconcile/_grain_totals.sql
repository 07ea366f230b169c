{#-
    CTEs of the metrics by grain: `affected` (where only affected grains are compared), `source`,
    `target`, and `totals` with both sides of a grain: key_1, …, record_key, is_in_source,
    is_in_target, and for each metric expected_1, …, actual_1, … They are combined by grouping: NULL
    then equals NULL, and the planner makes no nested loop.
-#}
{% macro _grain_totals(sides, grain, names, metrics, dataset, is_partial) -%}
{% if is_partial -%}
affected as (
    select {{ trustgate._grain_keys(grain, names, 'source') }}
    from (
        {{ trustgate.changed_records(sides.source.entity, dataset) | indent(8) }}
    ) as side
    union
    {#- No rows, only the types of the target, so that the grain has those of `totals`. #}
    select {{ trustgate._grain_keys(grain, names, 'target') }}
    from {{ trustgate._side_from(sides.target) }}
    where false
),

{% endif -%}
{%- for name, side in sides.items() %}
{{ name }} as (
    select
        {{ (name == 'source') | lower }} as is_of_source,
        {{ trustgate._grain_keys(grain, names, name) }}
        {%- for how in metrics.values() %},
        ({{ how[name] }})::numeric as metric_{{ loop.index }}
        {%- endfor %}
    {%- if is_partial %}
    from (
        {{ trustgate._rows_of_affected_grains(side, grain, names, name, dataset) | indent(8) }}
    ) as side
    {%- else %}
    from {{ trustgate._side_from(side) }}
    where
        {{ trustgate._side_condition(side, dataset) | indent(8) }}
    {%- endif %}
    group by {{ range(2, names | length + 2) | join(', ') }}
),
{% endfor %}
totals as (
    select
        {{ trustgate._key_names(names) }},
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
            {{ trustgate._affected_grain(names) }} as record_key
        from (
            select * from source
            union all
            select * from target
        ) as sides
    ) as sides
    group by {{ trustgate._key_names(names) }}
)
{%- endmacro %}


{#- SQL list of the parts of the grain on one side, as key_1, … -#}
{% macro _grain_keys(grain, names, side) -%}
    {%- for name in names -%}
        {{ trustgate._grain_column(grain, name, side) }} as key_{{ loop.index }}
        {{- ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- SQL of the number of all grains of a side, even where `grains` has only affected ones. -#}
{% macro _grain_count(name, side, grain, names, dataset, is_partial) -%}
{%- if is_partial -%}
(
    select count(*)
    from (
        select distinct {{ trustgate._grain_keys(grain, names, name) }}
        from {{ trustgate._side_count(side, dataset) | indent(8) }}
    ) as grains
)
{%- else -%}
(select count(*) from grains where is_in_{{ name }})
{%- endif -%}
{%- endmacro %}
