{#-
    CTEs of the metrics by grain: `affected` (only where affected grains are compared), each side's, and `totals`,
    in which both sides of a grain meet: key_1, …, record_key, is_in_source, is_in_target, and of each metric
    expected_1, …, actual_1, … They meet in a group: there NULL equals NULL, and the planner makes no loop.
-#}
{% macro _grain_totals(sides, grain, names, metrics, dataset, is_partial) -%}
{% if is_partial -%}
affected as (
    select {{ trustgate._grain_keys(grain, names, 'source') }}
    from (
        {{ trustgate.changed_records(sides.source.entity, dataset) | indent(8) }}
    ) as side
    union
    {#- No rows, only types: a grain reads here as it does where both sides meet. #}
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
    group by {% for grain_name in names %}{{ loop.index + 1 }}{{ ', ' if not loop.last }}{% endfor %}
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
        {{ trustgate._grain_column(grain, name, side) }} as key_{{ loop.index }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- SQL of the number of grains of a side: of all of them, also where only affected ones are in `grains`. -#}
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
