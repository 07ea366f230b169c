{#-
    CTEs and select that end every reconciliation, from `mismatches` and `counted`: the columns that
    all share, one row per mismatching key, one summary row and, where only affected keys were
    compared, a row with only the key for each affected key that now matches.
-#}
{% macro reconciliation_result(kind, dataset, is_partial, keys=[]) -%}
{#- A key that is longer than an index holds is shortened. #}
{%- set bounded = trustgate.quality_schema() ~ '.bounded_text' -%}
found as (
    select
        false as is_summary,
        {{ bounded }}(record_key) as record_key,
        {{ trustgate.literal(dataset) }}::text as dataset,
        '{{ model.name }}'::text as reconciliation,
        {{ 'metric_name' if kind == 'chain' else trustgate.literal(kind) ~ '::text' }} as kind,
        batch_id,
        match_status,
        {%- if kind == 'rows' %}
        null::jsonb as grain,
        null::date as metric_date,
        ''::text as metric_name,
        null::numeric as expected_value,
        null::numeric as actual_value,
        null::text as tolerance,
        {%- else %}
        grain,
        metric_date,
        metric_name,
        expected_value,
        actual_value,
        tolerance,
        {%- endif %}
        discrepancy,
        field_comparisons,
        mismatched_fields,
        source_count::bigint as source_count,
        target_count::bigint as target_count,
        null::bigint as compared,
        '{{ invocation_id }}'::text as run_id,
        now() as checked_at
    from mismatches
    union all
    select
        true as is_summary,
        '' as record_key,
        {{ trustgate.literal(dataset) }} as dataset,
        '{{ model.name }}' as reconciliation,
        '{{ kind }}' as kind,
        null as batch_id,
        null as match_status,
        null as grain,
        null as metric_date,
        '' as metric_name,
        null as expected_value,
        null as actual_value,
        null as tolerance,
        null as discrepancy,
        null as field_comparisons,
        null as mismatched_fields,
        source_count,
        target_count,
        compared,
        '{{ invocation_id }}' as run_id,
        now() as checked_at
    from counted
)
{%- if trustgate.is_increment() %},

scope as (
    select is_summary, record_key, metric_name
    from {{ this }}
    {%- if is_partial %}
    {%- set declared = model.config.meta.get('reconciliation') %}
    where
        dataset <> {{ trustgate.literal(dataset) }}
        or is_summary
        {{- " or match_status = 'NO_KEY'" if kind == 'rows' }}
        {#- Without a declaration in `meta`, it has no increment, and compares everything. #}
        or {{ trustgate.is_reset(trustgate.followed_entities(declared)) if declared else 'true' }}
    union
    select is_summary, record_key, metric_name
    from {{ this }}
    {%- set affected_key = trustgate.affected_grain(keys) if kind == 'metric'
        else trustgate._affected_key(keys) %}
    where record_key in (select {{ bounded }}({{ affected_key }}) from affected)
    {%- endif %}
)

select
    coalesce(found.is_summary, scope.is_summary) as is_summary,
    coalesce(found.record_key, scope.record_key) as record_key,
    coalesce(found.metric_name, scope.metric_name) as metric_name,
    {%- for column in [
        'dataset', 'reconciliation', 'kind', 'batch_id', 'match_status', 'grain', 'metric_date',
        'expected_value', 'actual_value', 'tolerance', 'discrepancy', 'field_comparisons',
        'mismatched_fields', 'source_count', 'target_count', 'compared', 'run_id', 'checked_at',
    ] %}
    found.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from found
full outer join scope
    on found.is_summary = scope.is_summary
    and found.record_key = scope.record_key
    and found.metric_name = scope.metric_name
{%- else %}

select * from found
{%- endif %}
{%- endmacro %}


{#- SQL of an affected key as one text. -#}
{% macro _affected_key(keys) -%}
    {%- set parts = [] -%}
    {%- for key in keys -%}{%- do parts.append('key_' ~ loop.index ~ '::text') -%}{%- endfor -%}
    {{ return(trustgate.record_key(parts)) }}
{%- endmacro %}
