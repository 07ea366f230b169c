{#-
    SQL of everything that fails now in the active dataset, one row per entity, record key and check:
    rules broken by latest versions, reconciliation mismatches that stand, lines rejected at load.

    `evaluation` identifies the evaluation that found it; a new one is a new occurrence.
-#}
{% macro failing_checks() -%}
{%- set dataset = trustgate.literal(trustgate.active_dataset()) -%}
{%- for entity in var('entities') %}
select
    verdicts._dataset as dataset,
    '{{ entity }}'::text as entity,
    verdicts._record_key as record_key,
    rules.rule_id as check_id,
    verdicts._record_id as record_id,
    verdicts._batch_id as batch_id,
    case
        when rules.check_name = 'parses_as' then 'PARSE_ERROR'
        when rules.dimension in ('completeness', 'validity') then 'VALIDATION_ERROR'
        else 'DQ_FAILURE'
    end as exception_type,
    case rules.severity when 'warn' then 'WARNING' else 'ERROR' end as severity,
    'raw'::text as source_layer,
    'raw.{{ entity }}'::text as source_table,
    'staging'::text as target_layer,
    'staging.stg_{{ entity }}'::text as target_table,
    {{ trustgate.error_message('rules', 'found.detail') | indent(4) }} as message,
    jsonb_build_object('column', rules.column_name, 'actual', found.detail ->> 0, 'expected', rules.expected) as details,
    verdicts._check_seq::text as evaluation
from {{ ref('base_' ~ entity) }} as verdicts
cross join lateral jsonb_each(verdicts._dq_details) as found (rule_id, detail)
inner join {{ ref('dq_rules') }} as rules on found.rule_id = rules.rule_id and rules.entity = '{{ entity }}'
where
    verdicts._dataset = {{ dataset }}
    and verdicts._is_latest
    and verdicts._dq_status in ('FAILED', 'WARNING')
union all
{%- endfor %}
{%- for name in trustgate.all_reconciliations() %}
{%- set meta = trustgate.meta_of(name) %}
select
    dataset,
    coalesce(grain ->> 'entity', '{{ meta.get('entity', '') }}') as entity,
    record_key,
    '{{ name }}'::text as check_id,
    null::uuid as record_id,
    min(batch_id) as batch_id,
    case min(kind) when 'metric' then 'METRIC_DRIFT' else 'RECON_MISMATCH' end as exception_type,
    '{{ meta.get('severity', 'ERROR') }}'::text as severity,
    '{{ meta.get('source_layer', '') }}'::text as source_layer,
    '{{ meta.get('source_table', '') }}'::text as source_table,
    '{{ meta.get('target_layer', '') }}'::text as target_layer,
    '{{ meta.get('target_table', '') }}'::text as target_table,
    {{ trustgate.mismatch_message() | indent(4) }} as message,
    coalesce(
        jsonb_object_agg(metric_name, jsonb_build_object('expected', expected_value, 'actual', actual_value)) filter (where metric_name <> ''),
        '{}'
    ) || jsonb_strip_nulls(jsonb_build_object(
        'match_status', min(match_status),
        'fields', (array_agg(field_comparisons) filter (where field_comparisons is not null))[1],
        'source_count', min(source_count),
        'target_count', min(target_count)
    )) as details,
    min(run_id) as evaluation
from {{ ref(name) }}
where dataset = {{ dataset }} and not is_summary and match_status <> 'MATCHED'
group by dataset, grain ->> 'entity', record_key
union all
{%- endfor %}
select
    batches.dataset,
    batches.entity,
    rejects.batch_id || ':' || rejects.row_number as record_key,
    'load_rejects'::text as check_id,
    null::uuid as record_id,
    rejects.batch_id,
    'LOAD_REJECT'::text as exception_type,
    'ERROR'::text as severity,
    'file'::text as source_layer,
    batches.source_file as source_table,
    'raw'::text as target_layer,
    'raw.' || batches.entity as target_table,
    rejects.reason as message,
    jsonb_build_object('actual', rejects.raw_line, 'expected', 'a readable record') as details,
    rejects.batch_id as evaluation
from {{ ref('rejects') }} as rejects
inner join {{ ref('batches') }} as batches on rejects.batch_id = batches.batch_id
where batches.dataset = {{ dataset }}
{%- endmacro %}
