{#-
    SQL of the lineage of an entity's records, one row per record and event: its row in each layer,
    earlier verdicts, corrections, exceptions and requests, each with the ids before and after.

    Every part is looked up for one record at a time, through an index: filter by key or by record
    id.
-#}
{% macro lineage_of_entity(entity) -%}
{%- set parts = [
    trustgate._lineage_of_layers(entity),
    trustgate._lineage_of_candidate(entity),
] + trustgate.lineage_of_work(entity) -%}
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
    stages.reached_at,
    stages.actor,
    stages.run_id
from {{ trustgate.project_ref('base_' ~ entity) }} as version
left join {{ trustgate.project_ref('stg_' ~ entity) }} as good
    on version._record_key = good._record_key and version._dataset = good._dataset
cross join lateral (
    {{ parts | join('\nunion all\n') | indent(4) }}
) as stages
{%- endmacro %}


{#- What raw, base and stg hold of `version`; `good` is its key's row in stg, if any. -#}
{% macro _lineage_of_layers(entity) -%}
{%- set base = trustgate.project_ref('base_' ~ entity) -%}
{%- set stg = trustgate.project_ref('stg_' ~ entity) -%}
select
    1 as stage_number,
    'raw' as stage,
    '{{ trustgate.project_ref('raw_' ~ entity).include(database=false) }}' as relation,
    'RECEIVED' as status,
    received._source_file || ' row ' || received._row_number || ', worker ' || received._worker_id
    || ', batch ' || received._batch_id as detail,
    null::text as previous_id,
    version._record_id::text as next_id,
    received._loaded_at as reached_at,
    null::text as actor,
    null::text as run_id
from {{ trustgate.project_ref('raw_' ~ entity) }} as received
where received._record_id = version._record_id
union all
select
    2, 'base', '{{ base.include(database=false) }}', version._dq_status,
    'version ' || version._version_number
    || coalesce(', failed ' || array_to_string(version._dq_failed, ', '), '')
    || coalesce(', warned ' || array_to_string(version._dq_warned, ', '), ''),
    version._record_id::text, good._record_id::text, version._checked_at, null, version._run_id
union all
select
    3, 'stg', '{{ stg.include(database=false) }}', 'PROMOTED', 'score ' || good.dq_score,
    version._record_id::text, version._record_id::text, version._checked_at, null, version._run_id
where good._record_id = version._record_id
{%- endmacro %}


{#-
    The candidate's row of the record, and the rows of other candidates that count it, as declared
    in the registry's `totals`. `next_id` is the key of the row in the mart, as JSON.
-#}
{% macro _lineage_of_candidate(entity) -%}
{%- set name = trustgate.setting('candidates')[entity] -%}
{%- set candidate = trustgate.project_ref(name) -%}
{%- set is_its_record -%}
    record._record_id = version._record_id and record._dataset = version._dataset
    {%- for column in trustgate.record_columns(name) %}
    and record.{{ column }} = version.{{ column }}
    {%- endfor -%}
{%- endset -%}
select
    4, 'candidate', '{{ candidate.include(database=false) }}', record.reconciliation_status,
    {{ trustgate._key_as_text(name, 'record') }},
    version._record_id::text,
    {{ trustgate.row_key_as_json(name, 'record') }},
    record.reconciled_at, null::text, null::text
from {{ candidate }} as record
where {{ is_its_record }}
{{ trustgate._lineage_of_mart(name, 'record', candidate ~ ' as record', is_its_record) }}
{%- for total, given in trustgate.setting('totals').items() if given.entity == entity %}
union all
select
    5, 'total', '{{ trustgate.project_ref(total).include(database=false) }}',
    total.reconciliation_status,
    {{ trustgate._key_as_text(total, 'total') }},
    version._record_id::text,
    {{ trustgate.row_key_as_json(total, 'total') }},
    total.reconciled_at, null, null
from {{ candidate }} as record
inner join {{ trustgate.project_ref(total) }} as total
    on total._dataset = record._dataset and {{ given.matches }}
where {{ is_its_record }}
{%- set joined %}
{{ candidate }} as record
inner join {{ trustgate.project_ref(total) }} as total
    on total._dataset = record._dataset and {{ given.matches }}
{%- endset %}
{{ trustgate._lineage_of_mart(total, 'total', joined, is_its_record) }}
{%- endfor %}
{%- endmacro %}


{#- The row of a candidate in its mart, with the run that published it as it is. -#}
{% macro _lineage_of_mart(candidate, alias, rows, condition) -%}
{%- for mart in (graph.nodes.values() if execute else [])
    if mart.resource_type == 'model'
    and (mart.config.meta.get('layer') or {}).get('candidate') == candidate %}
{%- set relation = api.Relation.create(schema=mart.schema, identifier=mart.alias) %}
union all
select
    10, 'mart', '{{ relation }}', 'PUBLISHED',
    {{ trustgate._key_as_text(candidate, alias) }},
    version._record_id::text,
    {{ trustgate.row_key_as_json(candidate, alias) }},
    publication.published_at, null, publication.run_id
from {{ rows }}
cross join lateral {{ trustgate.quality_schema() }}.publication_of(
    '{{ relation }}', {{ trustgate.row_key_as_json(candidate, alias) }}::jsonb
) as publication
where {{ condition }} and {{ alias }}._dataset = version._dataset
{%- endfor %}
{%- endmacro %}


{#- SQL of a row's key for people: each column and its value. -#}
{% macro _key_as_text(model_name, alias) -%}
    {%- set parts = [] -%}
    {%- for column in trustgate.row_key(model_name) -%}
        {%- do parts.append(
            "'" ~ column ~ " ' || coalesce(" ~ alias ~ '.' ~ column ~ "::text, 'empty')"
        ) -%}
    {%- endfor -%}
    {{ parts | join(" || ', ' || ") or 'null::text' }}
{%- endmacro %}
