{#-
    SQL of a reconciliation by any business rule: the cases whose actual value is not the expected
    one, and one summary row. Use it as a call block around SQL that returns, one row per case, the
    columns of `key`, `expected_value` and `actual_value`:

        {% call trustgate.business_rule(key=['batch_id']) %}
            select batch_id, sum(debit) as expected_value, sum(credit) as actual_value
            from ...
            group by batch_id
        {% endcall %}

    Args:
        key: column or list of columns that identify a case.
        tolerance: `0.01` or `0.5%`, as in `reconcile_rows`; 0 by default.
        date: column of the case's date, if it has one.
        dataset: dataset compared.
    NULL equals NULL and differs from every number; NULL as a part of the key is written `\N`. Of a
    case with several rows, the one that differs most is shown. Every run compares it in full.
-#}
{% macro business_rule(key, tolerance=0, date=none, dataset=none) -%}
{{ trustgate.configure_reconciliation({}) }}
{%- set keys = [key] if key is string else key -%}
{#- Qualified, because a column may have a reserved word as its name. #}
{%- set columns = [] -%}
{%- for name in keys -%}{%- do columns.append('cases.' ~ name) -%}{%- endfor -%}
{%- set here = 'business_rule in ' ~ model.name -%}
{%- do trustgate.validate(here, 'business_rule', {'tolerance': tolerance}) -%}
{%- set dataset = dataset or trustgate.active_dataset() -%}
with

cases as (
    {{ caller() }}
),

mismatches as (
    {#- One row per key: of a case with several rows, the one that differs most. #}
    select distinct on (record_key)
        {{ trustgate.grain_key(columns) }} as record_key,
        null::text as batch_id,
        'MISMATCHED'::text as match_status,
        jsonb_build_object(
            {%- for name in keys -%}
                {{ trustgate.literal(name) }}, {{ columns[loop.index0] }}{{ ', ' if not loop.last }}
            {%- endfor -%}
        ) as grain,
        {{ 'cases.' ~ date ~ '::date' if date else 'null::date' }} as metric_date,
        '{{ model.name }}'::text as metric_name,
        expected_value::text::numeric as expected_value,
        actual_value::text::numeric as actual_value,
        {{ trustgate.literal(tolerance | string) }}::text as tolerance,
        actual_value::text::numeric - expected_value::text::numeric as discrepancy,
        null::jsonb as field_comparisons,
        null::text[] as mismatched_fields,
        1 as source_count,
        1 as target_count
    from cases
    where not (
        {{ trustgate.quality_schema() }}.same_value(expected_value, actual_value)
        or coalesce(
            abs(actual_value::text::numeric - expected_value::text::numeric)
            - {{ trustgate.tolerance(tolerance, 'expected_value::text::numeric') }} <= 0, false
        )
    )
    order by
        record_key,
        abs(actual_value::text::numeric - expected_value::text::numeric) desc nulls first
),

counted as (
    select
        null::bigint as source_count,
        null::bigint as target_count,
        (select count(*) from cases) as compared
),

{{ trustgate.reconciliation_result('business_rule', dataset, false) }}
{%- endmacro %}
