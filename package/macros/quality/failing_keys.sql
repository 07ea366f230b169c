{#-
    SQL of everything that fails now in the active dataset, one narrow row per entity, record key
    and check: rules that latest versions fail, mismatches of reconciliations, lines rejected at
    load, batches on hold, rows altered from outside. There may be many; `failing_checks` describes
    those that are kept.

    `evaluation` identifies the evaluation that found it; a new one is a new occurrence.
-#}
{% macro failing_keys() -%}
{%- set dataset = trustgate.literal(trustgate.active_dataset()) -%}
select
    'rule'::text as kind,
    verdicts.entity,
    verdicts.record_key,
    broken.rule_id as check_id,
    verdicts.record_id,
    verdicts.batch_id,
    concat_ws('/', verdicts.check_seq, evaluations.more) as evaluation
from {{ ref('trustgate', 'verdicts') }} as verdicts
left join (
    {{ trustgate.evaluations_again() | indent(4) }}
) as evaluations on verdicts.record_id = evaluations.record_id
cross join lateral unnest(verdicts.dq_failed || verdicts.dq_warned) as broken (rule_id)
where
    verdicts.dataset = {{ dataset }}
    and verdicts.is_latest
    and verdicts.dq_status in ('FAILED', 'WARNING')
union all
select
    'reconciliation'::text as kind,
    coalesce(found.grain ->> 'entity', declared.entity) as entity,
    found.record_key,
    found.reconciliation as check_id,
    null::uuid as record_id,
    min(found.batch_id) as batch_id,
    min(found.run_id) as evaluation
from {{ ref('trustgate', 'reconciled') }} as found
inner join ({{ trustgate.declared_reconciliations() | indent(4) }}) as declared
    on found.reconciliation = declared.reconciliation
where found.dataset = {{ dataset }} and not found.is_summary and found.match_status <> 'MATCHED'
group by coalesce(found.grain ->> 'entity', declared.entity), found.record_key, found.reconciliation
union all
select
    'reject'::text as kind,
    batches.entity,
    rejects.batch_id || ':' || rejects.row_number as record_key,
    'load_rejects'::text as check_id,
    null::uuid as record_id,
    rejects.batch_id,
    rejects.batch_id as evaluation
from {{ trustgate.bookkeeping('rejects') }} as rejects
inner join {{ trustgate.bookkeeping('batches') }} as batches on rejects.batch_id = batches.batch_id
where batches.dataset = {{ dataset }}
union all
select
    'batch'::text as kind,
    entity,
    batch_id as record_key,
    'held_batches'::text as check_id,
    null::uuid as record_id,
    batch_id,
    batch_id as evaluation
from {{ trustgate.bookkeeping('batches') }}
where dataset = {{ dataset }} and status = 'HELD'
union all
{{ trustgate.failing_alterations() }}
{%- endmacro %}
