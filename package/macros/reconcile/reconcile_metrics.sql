{#-
    SQL of a reconciliation of totals: the grains whose metrics differ, and one summary row.

    Args:
        source, target: sides as in `reconcile_rows` (relation, entity, records, where).
        grain: mapping of names to {source: SQL, target: SQL}, or list of columns both sides have.
        metrics: mapping of names to {source: SQL aggregate, target: SQL aggregate, tolerance}.
        date: name of the grain's date, for `metric_date` and `open_days`.
        open_days: days that are still open and not compared, counted back from the newest day of
            either side; 1 is that day alone. A grain without a date is never open.
        orphans: `report` grains that one side lacks (default), or only those that the target lacks
            (`source`).
        dataset: dataset compared.
    NULL equals NULL, in the grain and as a total. A metric that one side lacks counts as 0 there,
    and differs. Totals are compared as numerics, with tolerances as in `reconcile_rows`.
-#}
{% macro reconcile_metrics(
    source, target, grain, metrics, date=none, open_days=0, orphans='report', dataset=none
) -%}
{%- set source = trustgate.reconciliation_side(source) -%}
{%- set target = trustgate.reconciliation_side(target) -%}
{{ trustgate.configure_reconciliation({
    'source': source, 'target': target, 'grain': grain, 'metrics': metrics, 'date': date,
    'open_days': open_days, 'orphans': orphans,
}) }}
{%- set here = 'reconcile_metrics in ' ~ model.name -%}
{%- set sides = {'source': source, 'target': target} -%}
{%- do trustgate._validate_totals(here, sides, {
    'orphans': orphans, 'grain': grain, 'metrics': metrics, 'date': date, 'open_days': open_days
}) -%}
{%- set names = grain | list -%}
{%- set date_key = 'key_' ~ (names.index(date) + 1) ~ '::date' if date else 'null::date' -%}
{%- set dataset = dataset or trustgate.active_dataset() -%}
{#-
    Affected grains come from the source's records, so both sides must be of one entity. An open day
    closes without a change to its records.
#}
{%- set is_partial = trustgate.compares_affected_keys(source, target)
    and source.get('entity') == target.get('entity') and not open_days -%}
{%- do trustgate.reconciliation_needs(source, target) -%}
with

{{ trustgate.grain_totals(sides, grain, names, metrics, dataset, is_partial) }},

grains as (
    select *
    from totals
    where
        {{ 'is_in_source' if orphans == 'source' else 'true' }}
        {%- if open_days %}
        and (
            {{ date_key }} > (select max({{ date_key }}) from totals) - {{ open_days }}
        ) is not true
        {%- endif %}
),

compared as (
    {%- for metric, how in metrics.items() %}
    {%- set tolerance = how.get('tolerance', 0) %}
    select
        *,
        {{ trustgate.literal(metric) }}::text as metric_name,
        expected_{{ loop.index }} as expected_value,
        actual_{{ loop.index }} as actual_value,
        {{ trustgate.literal(tolerance | string) }}::text as tolerance,
        {{ trustgate.tolerance(tolerance, 'expected_' ~ loop.index) }} as greatest_difference
    from grains
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

mismatches as (
    select
        record_key,
        null::text as batch_id,
        case
            when not is_in_target then 'SOURCE_ONLY'
            when not is_in_source then 'TARGET_ONLY'
            else 'MISMATCHED'
        end as match_status,
        jsonb_build_object(
            {%- for name in names -%}
                {{ trustgate.literal(name) }}, key_{{ loop.index }}{{ ', ' if not loop.last }}
            {%- endfor -%}
        ) as grain,
        {{ date_key }} as metric_date,
        metric_name,
        expected_value,
        actual_value,
        tolerance,
        coalesce(actual_value, 0) - coalesce(expected_value, 0) as discrepancy,
        null::jsonb as field_comparisons,
        null::text[] as mismatched_fields,
        is_in_source::integer as source_count,
        is_in_target::integer as target_count
    from compared
    where not (
        is_in_source and is_in_target and (
            expected_value is not distinct from actual_value
            or coalesce(abs(actual_value - expected_value) - greatest_difference <= 0, false)
        )
    )
),

counted as (
    select
        null::bigint as source_count,
        {%- if orphans == 'source' %}
        null::bigint as target_count,
        {{ trustgate.grain_count('source', source, grain, names, dataset, is_partial)
            | indent(8) }} as compared
        {%- else %}
        {{ trustgate.grain_count('target', target, grain, names, dataset, is_partial)
            | indent(8) }} as target_count,
        null::bigint as compared
        {%- endif %}
),

{{ trustgate.reconciliation_result('metric', dataset, is_partial, names) }}
{%- endmacro %}


{#- Raises where an argument, a side, a part of the grain or a metric is not as it must be. -#}
{% macro _validate_totals(here, sides, arguments) -%}
    {%- set grain, date, open_days = arguments.grain, arguments.date, arguments.open_days -%}
    {%- do trustgate.validate(here, 'reconcile_metrics', arguments, {
        'grain': grain | list if date and grain is iterable else none
    }) -%}
    {%- for side in sides.values() -%}
        {%- do trustgate.validate(here, 'side_of_metrics', side) -%}
    {%- endfor -%}
    {%- for name, how in (grain.items() if grain is mapping else []) -%}
        {%- do trustgate.validate(here ~ ', grain ' ~ name, 'part_of_grain', how) -%}
    {%- endfor -%}
    {%- for name, how in arguments.metrics.items() -%}
        {%- do trustgate.validate(here ~ ', metric ' ~ name, 'metric', how) -%}
    {%- endfor -%}
    {%- if open_days and not date -%}
        {{ exceptions.raise_compiler_error(
            here ~ ": open_days is '" ~ open_days
            ~ "', which needs date, the name of the grain's date"
        ) }}
    {%- endif -%}
{%- endmacro %}
