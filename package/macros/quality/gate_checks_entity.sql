{#-
    SQL of the gate's checks on one entity: each rule, the records that
    failed, lines rejected at load, whether anything arrived, and whether every layer is up to date.

    The entity's `meta: gate:` allows `max_failed` records (default 0), or `max_failed_rate` of its
    latest records, 0 to 1. Warnings never shut the gate.
-#}
{% macro gate_checks_entity(entity, open_exceptions, counted) -%}
{%- set base, raw = trustgate.project_ref('base_' ~ entity), trustgate.project_ref('raw_' ~ entity) -%}
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
    (not arrived.is_there)::integer,
    0,
    0,
    arrived.is_there,
    case when arrived.is_there then 'records of {{ entity }} arrived' else 'no record of {{ entity }} arrived' end
from (select exists (select 1 from {{ base }} where _dataset = {{ dataset }} and _is_latest) as is_there) as arrived
union all
select
    '{{ entity }}_up_to_date',
    'freshness',
    '{{ entity }}',
    'ERROR',
    pending.record_count + behind.layer_count,
    0,
    0,
    pending.record_count + behind.layer_count = 0,
    case
        when pending.record_count > 0 then pending.record_count || ' records of {{ entity }} wait to be checked'
        when behind.layer_count > 0 then 'not up to date with the verdicts: ' || behind.layers
        else 'every layer has taken in the verdicts on {{ entity }}'
    end
from (
    {#- Counted batch by batch: joined, the planner would read all of raw for batches it expects and there are none of. #}
    select
        coalesce(
            sum((select count(*) from {{ raw }} as raw where raw._batch_id = unchecked._batch_id)), 0
        )::bigint as record_count
    from (
        {{ trustgate.unchecked_batches(entity) | indent(8) }}
    ) as unchecked
) as pending
cross join (
    select
        count(*) as layer_count,
        string_agg(layer, ', ' order by layer) as layers
    from {{ trustgate.bookkeeping('layer_progress') }}
    where
        entity = '{{ entity }}'
        and (check_seq < (select max(_check_seq) from {{ base }}) or dataset not in ('*', {{ dataset }}))
        and layer not in ('dq_results', 'dq_metrics')
) as behind
union all
select
    '{{ entity }}_stale_rules',
    'freshness',
    '{{ entity }}',
    'WARNING',
    stale.record_count,
    0,
    null,
    true,
    case
        when stale.record_count > 0 then stale.record_count || ' records of {{ entity }} were checked under other rules: runner reprocess --stale-rules'
        else 'every record of {{ entity }} was checked under the rules as they are'
    end
from (
    {{ trustgate._stale_rules(entity) | indent(4) }}
) as stale
{%- endmacro %}


{#- How many records were checked under other rules: stepping from version to version through base's index. -#}
{% macro _stale_rules(entity) -%}
{%- set base = trustgate.project_ref('base_' ~ entity) -%}
with recursive versions as (
    (select min(_rules_version) as rules_version from {{ base }})
    union all
    select (select min(base._rules_version) from {{ base }} as base where base._rules_version > versions.rules_version)
    from versions
    where versions.rules_version is not null
)

select
    coalesce(
        sum((select count(*) from {{ base }} as base where base._rules_version = versions.rules_version)), 0
    )::bigint as record_count
from versions
where rules_version <> (select max(rules_version) from {{ ref('trustgate', 'dq_rules') }} where entity = '{{ entity }}')
{%- endmacro %}
