{#-
    SQL of everything that fails now in the active dataset, one narrow row per entity, record key and
    check: rules broken by latest versions, reconciliation mismatches that stand, lines rejected at load,
    batches held. There may be many; what is to be said of those kept is said by `failing_checks`.

    `evaluation` identifies the evaluation that found it; a new one is a new occurrence.
-#}
{% macro failing_keys() -%}
{%- set dataset = trustgate.literal(trustgate.active_dataset()) -%}
{%- for entity in trustgate.setting('entities') %}
select
    'rule'::text as kind,
    '{{ entity }}'::text as entity,
    verdicts._record_key as record_key,
    broken.rule_id as check_id,
    verdicts._record_id as record_id,
    verdicts._batch_id as batch_id,
    verdicts._check_seq::text as evaluation
from {{ trustgate.project_ref('base_' ~ entity) }} as verdicts
cross join lateral unnest(verdicts._dq_failed || verdicts._dq_warned) as broken (rule_id)
where
    {#- An array, made once: a join is made again for each record where the planner expects few. #}
    broken.rule_id = any(array(select rule_id from {{ ref('trustgate', 'dq_rules') }} where entity = '{{ entity }}'))
    and verdicts._dataset = {{ dataset }}
    and verdicts._is_latest
    and verdicts._dq_status in ('FAILED', 'WARNING')
union all
{%- endfor %}
{%- for name in trustgate.all_reconciliations() %}
select
    'reconciliation'::text as kind,
    coalesce(grain ->> 'entity', '{{ trustgate.meta_of(name).get('entity', '') }}') as entity,
    record_key,
    '{{ name }}'::text as check_id,
    null::uuid as record_id,
    min(batch_id) as batch_id,
    min(run_id) as evaluation
from {{ trustgate.project_ref(name) }}
where dataset = {{ dataset }} and not is_summary and match_status <> 'MATCHED'
group by grain ->> 'entity', record_key
union all
{%- endfor %}
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
{%- endmacro %}
