{#- SQL of the stages of an entity's records: raw, base, stg and candidate, each with the ids before and after it. -#}
{% macro lineage_of_entity(entity) -%}
{%- set base, stg, candidate = ref('base_' ~ entity), ref('stg_' ~ entity), ref(var('candidates')[entity]) -%}
select
    version._dataset as dataset,
    '{{ entity }}'::text as entity,
    version._record_key as record_key,
    version._record_id as record_id,
    stages.stage_number,
    stages.stage,
    stages.relation,
    stages.status,
    stages.detail,
    stages.previous_id,
    stages.next_id,
    {{ trustgate.fate('version', 'good') | indent(4) }} as fate,
    version._checksum as checksum,
    stages.reached_at
from {{ base }} as version
inner join {{ ref('raw_' ~ entity) }} as received on version._record_id = received._record_id
left join {{ stg }} as good on version._record_key = good._record_key and version._dataset = good._dataset
left join {{ candidate }} as candidate on version._record_id = candidate._record_id and version._dataset = candidate._dataset
cross join lateral (
    values
    (
        1, 'raw', '{{ ref('raw_' ~ entity).include(database=false) }}', 'RECEIVED',
        received._source_file || ' row ' || received._row_number || ', worker ' || received._worker_id || ', batch ' || received._batch_id,
        null::text, version._record_id::text, received._loaded_at
    ),
    (
        2, 'base', '{{ base.include(database=false) }}', version._dq_status,
        'version ' || version._version_number || coalesce(', failed ' || array_to_string(version._dq_failed, ', '), '')
        || coalesce(', warned ' || array_to_string(version._dq_warned, ', '), ''),
        version._record_id::text, good._record_id::text, version._checked_at
    ),
    (
        3, 'stg', case when good._record_id = version._record_id then '{{ stg.include(database=false) }}' end, 'PROMOTED',
        'score ' || good.dq_score, version._record_id::text, candidate._record_id::text, version._checked_at
    ),
    (
        4, 'candidate', case when candidate._record_id is not null then '{{ candidate.include(database=false) }}' end, candidate.reconciliation_status,
        null, version._record_id::text, null, candidate.reconciled_at
    )
) as stages (stage_number, stage, relation, status, detail, previous_id, next_id, reached_at)
where stages.relation is not null
{%- endmacro %}
