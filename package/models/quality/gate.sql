{#-
    Whether the current data of the active dataset may be published: one row per check; the gate is
    shut while any `is_open` is false. It shows the state when it is read: an expired suppression
    shuts it without a run.
-#}
{{ trustgate.quality_view() }}

with

open_exceptions as (
    select
        check_id,
        entity,
        record_key,
        severity,
        is_suppressed,
        is_beyond_cap,
        is_overdue,
        sla_due_at,
        record_count
    from {{ ref('trustgate', 'open_exceptions') }}
    where dataset = '{{ trustgate.active_dataset() }}'
),

counted as (
    select
        check_id,
        coalesce(
            sum(record_count) filter (where not is_suppressed), 0
        )::bigint as open_count,
        coalesce(
            sum(record_count) filter (where is_suppressed), 0
        )::bigint as suppressed_count
    from open_exceptions
    group by check_id
),

accepted as (
    select
        check_id,
        count(*) as accepted_count
    from (
        select
            case exception_type
                when 'LOAD_REJECT' then entity || '_' || check_id
                else check_id
            end as check_id
        from {{ ref('trustgate', 'exceptions') }}
        where is_accepted and dataset = '{{ trustgate.active_dataset() }}'
    ) as found
    group by check_id
),

{% for entity in trustgate.setting('entities') -%}
{{ entity }}_checks as (
    {{ trustgate.gate_checks_entity(entity, 'open_exceptions', 'counted') | indent(4) }}
    union all
    {{ trustgate.gate_checks_batches(entity) | indent(4) }}
    union all
    {{ trustgate.gate_checks_alterations(entity) | indent(4) }}
),
{% endfor %}
{% for name in trustgate.all_reconciliations() -%}
{{ name }}_checks as (
    {{ trustgate.gate_checks_reconciliation(name, 'counted') | indent(4) }}
),
{% endfor %}
exceptions_past_sla as (
    {{ trustgate.gate_checks_exceptions(trustgate.setting('max_exceptions_past_sla'), 'open_exceptions') | indent(4) }}
),

stuck_records as (
    {{ trustgate.gate_checks_stuck_work(
        'stuck_records', ['check', 'reprocessing'], 'sum(coalesce(record_count, 1))',
        'no record waits too long for its fate', trustgate.setting('max_stuck_records')
    ) | indent(4) }}
),

stuck_batches as (
    {{ trustgate.gate_checks_stuck_work(
        'stuck_batches', ['release'], 'count(*)',
        'no batch is on hold for too long', trustgate.setting('max_stuck_batches')
    ) | indent(4) }}
),

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
    from {{ trustgate.bookkeeping('test_results') }} as test_results
    where
        test_results.status in ('warn', 'fail', 'error')
        and test_results.test_name not like 'is_open%'
        and test_results.run_id = (
            select run_id from {{ trustgate.bookkeeping('pipeline_runs') }}
            where dataset = '{{ trustgate.active_dataset() }}' and tests_ok is not null
            order by started_at desc
            limit 1
        )
),

final as (
    {%- for entity in trustgate.setting('entities') %}
    select * from {{ entity }}_checks
    union all
    {%- endfor %}
    {%- for name in trustgate.all_reconciliations() %}
    select * from {{ name }}_checks
    union all
    {%- endfor %}
    select * from exceptions_past_sla
    union all
    select * from stuck_records
    union all
    select * from stuck_batches
    union all
    select * from failed_tests
)

select
    final.*,
    '{{ trustgate.active_dataset() }}'::text as dataset,
    case
        when final.kind in ('reconciliation', 'load') then coalesce(accepted.accepted_count, 0)
        else 0
    end as accepted_count
from final
left join accepted on final.check_id = accepted.check_id
