{#-
    SQL of a reconciliation of totals: the grains whose metrics differ, and one summary row.

    Args:
        source, target: sides as in `reconcile_rows` (relation, entity, records, where).
        grain: mapping of names to {source: SQL, target: SQL}, or list of columns both sides have.
        metrics: mapping of names to {source: SQL aggregate, target: SQL aggregate, tolerance}.
        date: name of the grain's date, for `metric_date` and `open_days`.
        open_days: days that are still open, counted back from the newest of the target: not compared.
        orphans: `report` grains that one side lacks (default), or only those the target lacks (`source`).
        dataset: the dataset compared.
    A metric that one side lacks counts as 0 there, and differs. Tolerances as in `reconcile_rows`.
-#}
{% macro reconcile_metrics(source, target, grain, metrics, date=none, open_days=0, orphans='report', dataset=none) -%}
{%- set here = 'reconcile_metrics in ' ~ model.name -%}
{%- do trustgate.refuse_unknown_word(here, 'orphans', orphans, ['report', 'source']) -%}
{%- for side in (source, target) -%}
    {%- do trustgate.refuse_unknown_words(here, side, ['relation', 'entity', 'records', 'where']) -%}
    {%- do trustgate.refuse_unknown_word(here, 'records', side.get('records', 'all'), ['all', 'received', 'latest', 'promotable']) -%}
{%- endfor -%}
{%- for metric, how in metrics.items() -%}
    {%- do trustgate.refuse_unknown_words(here ~ ', metric ' ~ metric, how, ['source', 'target', 'tolerance']) -%}
{%- endfor -%}
{%- set dataset = dataset or trustgate.active_dataset() -%}
{#- Grains are told by the source's records; those of another entity may lie in others. An open day ends without anything touching it. #}
{%- set is_partial = trustgate.compares_touched_keys(source, target) and source.get('entity') == target.get('entity') and not open_days -%}
{%- set names = grain.keys() | list if grain is mapping else grain -%}
{%- do trustgate.reconciliation_needs(source, target) -%}
with

{% if is_partial -%}
touched as (
    select distinct {% for name in names %}{{ trustgate._grain_column(grain, name, 'source') }} as key_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
    from (
        {{ trustgate.changed_records(source.entity, dataset) | indent(8) }}
    ) as side
),

{% endif -%}
{%- for name, side in {'source': source, 'target': target}.items() %}
{{ name }} as (
    select
        {%- for grain_name in names %}
        {{ trustgate._grain_column(grain, grain_name, name) }} as {{ grain_name }},
        {%- endfor %}
        {%- for metric, how in metrics.items() %}
        {{ how[name] }} as {{ metric }}{{ ',' if not loop.last }}
        {%- endfor %}
    {%- if is_partial %}
    from (
        {{ trustgate._rows_of_touched_grains(side, grain, names, name, dataset) | indent(8) }}
    ) as side
    {%- else %}
    from {{ trustgate._side_from(side) }}
    where
        {{ trustgate._side_condition(side, dataset) | indent(8) }}
    {%- endif %}
    group by {% for grain_name in names %}{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
),
{% endfor %}
compared as (
    {%- for metric, how in metrics.items() %}
    select
        {%- for name in names %}
        coalesce(source.{{ name }}, target.{{ name }}) as {{ name }},
        {%- endfor %}
        '{{ metric }}'::text as metric_name,
        source.{{ metric }}::numeric as expected_value,
        target.{{ metric }}::numeric as actual_value,
        {{ trustgate.literal(how.get('tolerance', 0) | string) }}::text as tolerance,
        source.{{ names[0] }} is null as is_source_missing,
        target.{{ names[0] }} is null as is_target_missing,
        coalesce(
            abs(target.{{ metric }} - source.{{ metric }})
            - {{ trustgate.tolerance(here ~ ', metric ' ~ metric, how.get('tolerance', 0), 'source.' ~ metric) }} <= 0,
            source.{{ names[0] }} is not null and target.{{ names[0] }} is not null and source.{{ metric }} is null and target.{{ metric }} is null
        ) as is_same
    from source
    {{ 'left' if orphans == 'source' else 'full outer' }} join target on {% for name in names %}source.{{ name }} = target.{{ name }}{{ ' and ' if not loop.last }}{% endfor %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

mismatches as (
    select
        {{ trustgate._grain_key(names) }} as record_key,
        null::text as batch_id,
        case when is_target_missing then 'SOURCE_ONLY' when is_source_missing then 'TARGET_ONLY' else 'MISMATCHED' end as match_status,
        jsonb_build_object({% for name in names %}'{{ name }}', {{ name }}{{ ', ' if not loop.last }}{% endfor %}) as grain,
        {{ date ~ '::date' if date else 'null::date' }} as metric_date,
        metric_name,
        expected_value,
        actual_value,
        tolerance,
        coalesce(actual_value, 0) - coalesce(expected_value, 0) as discrepancy,
        null::jsonb as field_comparisons,
        null::text[] as mismatched_fields,
        (not is_source_missing)::integer as source_count,
        (not is_target_missing)::integer as target_count
    from compared
    where
        not is_same
        {%- if open_days and date %}
        and {{ date }} <= (select max({{ trustgate._grain_column(grain, date, 'target') }}) from {{ trustgate._side_from(target) }}) - {{ open_days | int }}
        {%- endif %}
),

counted as (
    select
        null::bigint as source_count,
        {%- if orphans == 'source' %}
        null::bigint as target_count,
        (select count(*) from source) as compared
        {%- else %}
        (
            select count(*)
            from (
                select distinct {% for name in names %}{{ trustgate._grain_column(grain, name, 'target') }}{{ ', ' if not loop.last }}{% endfor %}
                from {{ trustgate._side_count(target, dataset) }}
            ) as grains
        ) as target_count,
        null::bigint as compared
        {%- endif %}
),

{{ trustgate._reconciliation_result('metric', dataset, is_partial, names) }}
{%- endmacro %}
