{#-
    What the latest versions of the active dataset broke and the exceptions that stand for it are the same.
    A failing row is a failure without an exception, or an exception without a failure.
-#}
with

{% for entity in var('entities') -%}
{{ entity }} as (
    select
        '{{ entity }}' as entity,
        version._record_key as record_key,
        broken.rule_id as check_id
    from {{ ref('base_' ~ entity) }} as version
    cross join lateral jsonb_object_keys(version._dq_details) as broken (rule_id)
    where
        version._dataset = '{{ trustgate.active_dataset() }}'
        and version._is_latest
        and version._dq_status in ('FAILED', 'WARNING')
),

{% endfor -%}
failures as (
    {%- for entity in var('entities') %}
    select * from {{ entity }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

standing as (
    select
        entity,
        record_key,
        check_id,
        details ? 'beyond_cap' as is_beyond_cap,
        record_count
    from {{ ref('exception_findings') }}
    where
        is_standing
        and dataset = '{{ trustgate.active_dataset() }}'
        and exception_type in ('PARSE_ERROR', 'VALIDATION_ERROR', 'DQ_FAILURE')
),

findings as (
    select
        entity,
        record_key,
        check_id
    from standing
    where not is_beyond_cap
),

compared as (
    select
        coalesce(failures.entity, findings.entity) as entity,
        coalesce(failures.record_key, findings.record_key) as record_key,
        coalesce(failures.check_id, findings.check_id) as check_id,
        failures.check_id is not null as has_failed,
        findings.check_id is not null as has_exception
    from failures
    full outer join findings
        on
            failures.entity = findings.entity
            and failures.record_key = findings.record_key
            and failures.check_id = findings.check_id
    where failures.check_id is null or findings.check_id is null
),

numbered as (
    select
        compared.*,
        row_number() over (
            partition by compared.entity, compared.check_id, compared.has_failed
            order by compared.record_key
        ) as place,
        coalesce(standing.record_count, 0) as beyond_cap
    from compared
    left join standing
        on
            standing.is_beyond_cap
            and compared.entity = standing.entity
            and compared.check_id = standing.check_id
),

final as (select * from numbered where not has_failed or place > beyond_cap)

select * from final
