{#-
    Parts of `lineage_of_entity` that come after the layers, as a list of selects; `version` is a
    row of base.
-#}
{% macro lineage_of_work(entity) -%}
    {{ return([
        trustgate._lineage_of_verdicts(entity),
        trustgate._lineage_of_corrections(entity),
        trustgate._lineage_of_exceptions(entity),
        trustgate._lineage_of_requests(entity),
        trustgate._lineage_of_alterations(entity),
    ]) }}
{%- endmacro %}


{#- Evaluations that failed before the current verdict. -#}
{% macro _lineage_of_verdicts(entity) -%}
select
    6, 'verdict', '{{ ref('trustgate', 'dq_results').include(database=false) }}',
    case when bool_or(results.severity = 'error') then 'FAILED' else 'WARNING' end,
    coalesce('failed ' || string_agg(results.rule_id, ', ' order by results.rule_id)
        filter (where results.severity = 'error'), '')
    || coalesce('warned ' || string_agg(results.rule_id, ', ' order by results.rule_id)
        filter (where results.severity <> 'error'), ''),
    version._record_id::text, null, results.validated_at, null, results.run_id
from {{ ref('trustgate', 'dq_results') }} as results
where
    results.record_key = version._record_key
    and results.record_id = version._record_id
    and results.entity = '{{ entity }}'
    and not results.passed
    and results.validated_at <> version._checked_at
group by results.run_id, results.validated_at
{%- endmacro %}


{#- Corrections made on the version, and their reversals. -#}
{% macro _lineage_of_corrections(entity) -%}
select
    7, 'correction', '{{ trustgate.bookkeeping('corrections').include(database=false) }}',
    made.status,
    corrections.field || ' ' || coalesce('''' || corrections.old_value || '''', 'empty')
    || ' to ' || coalesce('''' || corrections.new_value || '''', 'empty')
    || ': ' || corrections.reason,
    version._record_id::text, corrections.correction_id::text, made.made_at, made.actor, null
from {{ trustgate.bookkeeping('corrections') }} as corrections
cross join lateral (
    values
    ('CORRECTED', corrections.corrected_at, corrections.corrected_by),
    ('REVERTED', corrections.reverted_at, corrections.reverted_by)
) as made (status, made_at, actor)
where
    corrections.record_key = version._record_key
    and corrections.dataset = version._dataset
    and corrections.entity = '{{ entity }}'
    and coalesce(corrections.record_id = version._record_id, version._is_latest)
    and made.made_at is not null
{%- endmacro %}


{#- What runs and users did about the record's exceptions. -#}
{% macro _lineage_of_exceptions(entity) -%}
select
    8, 'exception', '{{ trustgate.bookkeeping('exception_events').include(database=false) }}',
    events.event,
    findings.check_id || coalesce(': ' || events.note, '') || coalesce(
        ' (' || coalesce(events.from_status || ' to ', '') || events.to_status || ')', ''
    ),
    version._record_id::text, findings.exception_id::text, events.occurred_at, events.actor,
    events.run_id
from {{ ref('trustgate', 'exception_findings') }} as findings
inner join {{ trustgate.bookkeeping('exception_events') }} as events
    on findings.exception_id = events.exception_id
where
    findings.record_key = version._record_key
    and findings.dataset = version._dataset
    and findings.entity = '{{ entity }}'
    and coalesce(findings.record_id = version._record_id, version._is_latest)
{%- endmacro %}


{#- Requests to evaluate the record again: by its key, or with its batch. -#}
{% macro _lineage_of_requests(entity) -%}
{%- for is_of_record in (
    "requests.record_key = version._record_key and version._is_latest",
    "requests.batch_id = version._batch_id and requests.record_key is null",
) %}
select
    9, 'request', '{{ trustgate.bookkeeping('reprocess_requests').include(database=false) }}',
    'REQUESTED',
    coalesce(requests.reason, ''), version._record_id::text, requests.request_id::text,
    requests.requested_at, requests.requested_by, null
from {{ trustgate.bookkeeping('reprocess_requests') }} as requests
where
    {{ is_of_record }}
    and coalesce(requests.dataset, version._dataset) = version._dataset
    and requests.entity = '{{ entity }}'
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}


{#- What something else than the pipeline wrote in the record's rows. -#}
{% macro _lineage_of_alterations(entity) -%}
select
    11, 'alteration', '{{ trustgate.bookkeeping('alterations').include(database=false) }}',
    alterations.operation,
    alterations.layer
    || coalesce(': ' || nullif(array_to_string(alterations.fields, ', '), ''), '')
    || case when alterations.restored_at is null then ', not restored' else ', restored' end,
    version._record_id::text, alterations.alteration_id::text, alterations.altered_at,
    alterations.altered_by, alterations.restored_run
from {{ trustgate.bookkeeping('alterations') }} as alterations
where alterations.record_id = version._record_id and alterations.entity = '{{ entity }}'
{%- endmacro %}
