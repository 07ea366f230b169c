{#- Every record of base with its verdict, all entities. Filter by entity and key or id, which are indexed. -#}
{{ trustgate.quality_view() }}

{% for entity in trustgate.setting('entities') %}
select
    _dataset as dataset,
    '{{ entity }}'::text as entity,
    _record_key as record_key,
    _record_id as record_id,
    _batch_id as batch_id,
    _row_number as row_number,
    _version_number as version_number,
    _is_latest as is_latest,
    _is_duplicate as is_duplicate,
    _dq_status as dq_status,
    _dq_score as dq_score,
    _dq_failed as dq_failed,
    _dq_warned as dq_warned,
    _dq_details as dq_details,
    _rules_version as rules_version,
    _check_seq as check_seq,
    _checked_at as checked_at,
    _run_id as run_id
from {{ trustgate.project_ref('base_' ~ entity) }}
{{ 'union all' if not loop.last }}
{% else %}
select
    null::text as dataset,
    null::text as entity,
    null::text as record_key,
    null::uuid as record_id,
    null::text as batch_id,
    null::bigint as row_number,
    null::integer as version_number,
    null::boolean as is_latest,
    null::boolean as is_duplicate,
    null::text as dq_status,
    null::numeric as dq_score,
    null::text[] as dq_failed,
    null::text[] as dq_warned,
    null::jsonb as dq_details,
    null::text as rules_version,
    null::bigint as check_seq,
    null::timestamptz as checked_at,
    null::text as run_id
where false
{% endfor %}
