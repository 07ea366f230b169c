{#-
    SQL that describes each failure with an exception of its own: type, severity, layers, message
    and values.

    Args: kept: relation of those failures, see `capped_failures`.
-#}
{% macro failing_checks(kept) -%}
{%- set dataset = trustgate.literal(trustgate.active_dataset()) -%}
select
    kept.entity,
    kept.record_key,
    kept.check_id,
    kept.record_id,
    kept.batch_id,
    case
        when rules.check_name = 'parses_as' then 'PARSE_ERROR'
        when rules.dimension in ('completeness', 'validity') then 'VALIDATION_ERROR'
        else 'DQ_FAILURE'
    end as exception_type,
    case
        when coalesce(rules.severity = 'warn', kept.check_id = any(verdicts.dq_warned))
            then 'WARNING'
        else 'ERROR'
    end as severity,
    'raw'::text as source_layer,
    'raw.' || kept.entity as source_table,
    'staging'::text as target_layer,
    'staging.stg_' || kept.entity as target_table,
    {%- set detail = '(verdicts.dq_details -> kept.check_id)' %}
    coalesce(
        {{ trustgate.error_message('rules', detail) | indent(8) }},
        case when rules.rule_id is null then 'failed by a rule that is no longer declared' end
    ) as message,
    jsonb_build_object(
        'column', rules.column_name,
        'actual', verdicts.dq_details -> kept.check_id ->> 0,
        'expected', rules.expected
    ) as details,
    kept.evaluation
from {{ kept }} as kept
left join {{ ref('trustgate', 'dq_rules') }} as rules
    on kept.check_id = rules.rule_id and kept.entity = rules.entity
inner join {{ ref('trustgate', 'verdicts') }} as verdicts
    on kept.record_id = verdicts.record_id and kept.entity = verdicts.entity
where kept.kind = 'rule'
union all
select
    kept.entity,
    kept.record_key,
    kept.check_id,
    null::uuid as record_id,
    min(kept.batch_id) as batch_id,
    case min(found.kind)
        when 'metric' then 'METRIC_DRIFT' else 'RECON_MISMATCH'
    end as exception_type,
    min(declared.severity) as severity,
    min(declared.source_layer) as source_layer,
    min(declared.source_table) as source_table,
    min(declared.target_layer) as target_layer,
    min(declared.target_table) as target_table,
    {{ trustgate.mismatch_message() | indent(4) }} as message,
    coalesce(
        jsonb_object_agg(
            metric_name, jsonb_build_object('expected', expected_value, 'actual', actual_value)
        ) filter (where metric_name <> ''),
        '{}'
    ) || jsonb_strip_nulls(jsonb_build_object(
        'match_status', min(match_status),
        'fields', (array_agg(field_comparisons) filter (where field_comparisons is not null))[1],
        'source_count', min(source_count),
        'target_count', min(target_count)
    )) as details,
    min(kept.evaluation) as evaluation
from {{ kept }} as kept
inner join ({{ trustgate.declared_reconciliations() | indent(4) }}) as declared
    on kept.check_id = declared.reconciliation
inner join {{ ref('trustgate', 'reconciled') }} as found
    on kept.check_id = found.reconciliation and kept.record_key = found.record_key
    and kept.entity = coalesce(found.grain ->> 'entity', declared.entity)
where
    kept.kind = 'reconciliation'
    and found.dataset = {{ dataset }}
    and not found.is_summary
    and found.match_status <> 'MATCHED'
group by kept.entity, kept.record_key, kept.check_id
union all
select
    kept.entity,
    kept.record_key,
    kept.check_id,
    null::uuid as record_id,
    kept.batch_id,
    'LOAD_REJECT'::text as exception_type,
    'ERROR'::text as severity,
    'file'::text as source_layer,
    batches.source_file as source_table,
    'raw'::text as target_layer,
    'raw.' || kept.entity as target_table,
    concat_ws(': ', rejects.reason, rejects.detail) as message,
    jsonb_build_object('actual', rejects.raw_line, 'expected', 'a readable record') as details,
    kept.evaluation
from {{ kept }} as kept
inner join {{ trustgate.bookkeeping('rejects') }} as rejects
    on kept.batch_id = rejects.batch_id
    and kept.record_key = rejects.batch_id || ':' || rejects.row_number
inner join {{ trustgate.bookkeeping('batches') }} as batches on rejects.batch_id = batches.batch_id
where kept.kind = 'reject'
union all
select
    kept.entity,
    kept.record_key,
    kept.check_id,
    null::uuid as record_id,
    kept.batch_id,
    'RECON_MISMATCH'::text as exception_type,
    'CRITICAL'::text as severity,
    'file'::text as source_layer,
    batches.source_file as source_table,
    'raw'::text as target_layer,
    'raw.' || kept.entity as target_table,
    'control totals do not match; batch on hold' as message,
    coalesce(
        (
            select jsonb_object_agg(found ->> 'check', jsonb_build_object(
                'expected', found -> 'expected', 'actual', found -> 'actual'
            ))
            from jsonb_array_elements(batches.differences) as found
        ),
        '{}'
    ) as details,
    kept.evaluation
from {{ kept }} as kept
inner join {{ trustgate.bookkeeping('batches') }} as batches on kept.batch_id = batches.batch_id
where kept.kind = 'batch'
union all
{{ trustgate.described_alterations(kept) }}
{%- endmacro %}
