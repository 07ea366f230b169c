{#-
    What the latest versions of the active dataset broke and the exceptions that stand for it are the same. A
    failing row is a failure without an exception, or an exception without a failure.
-#}
{{ config(severity='warn') }}

with

{% for entity in trustgate.setting('entities') -%}
{{ entity }}_verdicts as (
    select
        _record_key,
        _dq_details
    from {{ trustgate.project_ref('base_' ~ entity) }}
    where
        _dataset = '{{ trustgate.active_dataset() }}'
        and _is_latest
        and _dq_status in ('FAILED', 'WARNING')
),

{{ entity }} as (
    select
        '{{ entity }}' as entity,
        verdicts._record_key as record_key,
        broken.rule_id as check_id
    from {{ entity }}_verdicts as verdicts
    cross join lateral jsonb_object_keys(verdicts._dq_details) as broken (rule_id)
),

{% endfor -%}
failures as (
    {%- for entity in trustgate.setting('entities') %}
    select * from {{ entity }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

findings as (
    select
        entity,
        record_key,
        check_id
    from {{ ref('trustgate', 'exception_findings') }}
    where
        is_standing
        and dataset = '{{ trustgate.active_dataset() }}'
        and exception_type in ('PARSE_ERROR', 'VALIDATION_ERROR', 'DQ_FAILURE')
        and not details ? 'beyond_cap'
),

capped as (
    select
        entity,
        check_id,
        record_count
    from {{ ref('trustgate', 'exception_findings') }}
    where
        is_standing
        and dataset = '{{ trustgate.active_dataset() }}'
        and details ? 'beyond_cap'
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
        coalesce(capped.record_count, 0) as beyond_cap
    from compared
    left join capped on compared.entity = capped.entity and compared.check_id = capped.check_id
),

final as (select * from numbered where not has_failed or place > beyond_cap)

select * from final
