{#-
    Is the data of the active dataset, as it stands, fit to publish? One row a check; shut where any
    `is_open` is false. Read at any moment: an expired suppression shuts it without a run.
-#}
{{ config(materialized='stable_view') }}

with

standing as (
    select
        check_id,
        entity,
        record_key,
        severity,
        is_suppressed
    from {{ ref('open_exceptions') }}
    where dataset = '{{ trustgate.active_dataset() }}'
),

counted as (
    select
        check_id,
        count(*) filter (where not is_suppressed) as open_count,
        count(*) filter (where is_suppressed) as suppressed_count
    from standing
    group by check_id
),

{% for entity in var('entities') -%}
{{ entity }}_checks as (
    {{ trustgate.gate_of_entity(entity) | indent(4) }}
),
{% endfor %}
{% for name in trustgate.all_reconciliations() -%}
{{ name }}_checks as (
    {{ trustgate.gate_of_reconciliation(name) | indent(4) }}
),
{% endfor %}
failed_tests as (
    select
        test_results.test_name as check_id,
        'test' as kind,
        coalesce(test_results.model, '') as entity,
        'WARNING' as severity,
        greatest(coalesce(test_results.failures, 1), 1) as open_count,
        0::bigint as suppressed_count,
        null::bigint as allowed,
        true as is_open,
        'dbt test ' || test_results.status || ' in run ' || test_results.run_id as detail
    from {{ source('audit', 'test_results') }} as test_results
    where
        test_results.status in ('warn', 'fail', 'error')
        and test_results.test_name not like 'is_open%'
        and test_results.run_id = (
            select run_id from {{ source('audit', 'pipeline_runs') }}
            where dataset = '{{ trustgate.active_dataset() }}' and tests_ok is not null
            order by started_at desc
            limit 1
        )
),

final as (
    {%- for entity in var('entities') %}
    select * from {{ entity }}_checks
    union all
    {%- endfor %}
    {%- for name in trustgate.all_reconciliations() %}
    select * from {{ name }}_checks
    union all
    {%- endfor %}
    select * from failed_tests
)

select
    *,
    '{{ trustgate.active_dataset() }}'::text as dataset
from final
