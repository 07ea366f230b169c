{#-
    SQL of the gate's checks on one entity: each rule, the records that failed, lines rejected at
    load, whether anything arrived, and whether every layer is up to date.

    The entity's `meta: gate:` allows `max_failed` records (default 0), or `max_failed_rate` of its
    latest records, 0 to 1. Warnings never shut the gate.
-#}
{% macro gate_checks_entity(entity, open_exceptions, counted) -%}
{%- set base = trustgate.project_ref('base_' ~ entity) -%}
{%- set dataset = trustgate.literal(trustgate.active_dataset()) -%}
{%- set allowed = trustgate.allowed_count(
    'model base_' ~ entity, trustgate.meta_of('base_' ~ entity).get('gate'), 'max_failed',
    '(select count(*) from ' ~ base ~ ' where _dataset = ' ~ dataset ~ ' and _is_latest)'
) -%}
select
    rules.rule_id as check_id,
    'rule' as kind,
    '{{ entity }}' as entity,
    case rules.severity when 'warn' then 'WARNING' else 'ERROR' end as severity,
    coalesce(counted.open_count, 0) as open_count,
    coalesce(counted.suppressed_count, 0) as suppressed_count,
    case when rules.severity = 'error' then {{ allowed }} end as allowed,
    rules.severity = 'warn' or coalesce(counted.open_count, 0) <= {{ allowed }} as is_open,
    coalesce(rules.message, rules.rule_name) as detail
from {{ ref('trustgate', 'dq_rules') }} as rules
left join {{ counted }} as counted on rules.rule_id = counted.check_id
where rules.entity = '{{ entity }}'
union all
select
    '{{ entity }}_failed_records',
    'entity',
    '{{ entity }}',
    'ERROR',
    open_count,
    suppressed_count,
    {{ allowed }},
    open_count <= {{ allowed }},
    'records of {{ entity }} whose latest version is quarantined'
from (
    {{ trustgate.failed_record_counts(entity, open_exceptions) | indent(4) }}
) as failing
union all
select
    '{{ entity }}_load_rejects',
    'load',
    '{{ entity }}',
    'ERROR',
    coalesce(sum(record_count) filter (where not is_suppressed), 0)::bigint,
    coalesce(sum(record_count) filter (where is_suppressed), 0)::bigint,
    0,
    count(*) filter (where not is_suppressed) = 0,
    'lines of {{ entity }} that could not be read at load'
from {{ open_exceptions }}
where entity = '{{ entity }}' and check_id = 'load_rejects'
union all
select
    '{{ entity }}_arrived',
    'load',
    '{{ entity }}',
    'ERROR',
    (not arrived.is_there)::integer, 0, 0,
    arrived.is_there,
    case when arrived.is_there then 'records' else 'no record' end || ' of {{ entity }} arrived'
from (
    select exists (select 1 from {{ base }} where _dataset = {{ dataset }} and _is_latest)
) as arrived (is_there)
union all
select
    '{{ entity }}_up_to_date',
    'freshness',
    '{{ entity }}',
    'ERROR',
    pending.record_count + behind.layer_count, 0, 0,
    pending.record_count + behind.layer_count = 0,
    case
        when pending.record_count > 0
            then pending.record_count || ' records of {{ entity }} wait to be evaluated'
        when behind.layer_count > 0
            then 'layers behind the verdicts on {{ entity }}: ' || behind.layers
        else 'every layer has processed the verdicts on {{ entity }}'
    end
from (
    {#- Counted batch by batch: for a join, the planner would read all of raw even for no batch. #}
    select
        coalesce(sum((
            select count(*) from {{ trustgate.project_ref('raw_' ~ entity) }} as raw
            where raw._batch_id = unchecked._batch_id
        )), 0)::bigint as record_count
    from (
        {{ trustgate.unchecked_batches(entity) | indent(8) }}
    ) as unchecked
) as pending
cross join (
    select count(*) as layer_count, string_agg(layer, ', ' order by layer) as layers
    from {{ trustgate.bookkeeping('layer_progress') }}
    where
        entity = '{{ entity }}'
        and layer not in ('dq_results', 'dq_metrics')
        and (
            check_seq < (select max(_check_seq) from {{ base }})
            or dataset not in ('*', {{ dataset }})
        )
) as behind
union all
{{ trustgate.gate_checks_rules(entity) }}
{%- endmacro %}
