{#-
    Model `stg_<entity>`: the latest good version of each business key, all datasets; a view of
    base. A version is good unless its verdict is FAILED. Where the latest version failed, the
    newest good one before it counts.
-#}
{% macro stg() -%}
    {%- set entity = trustgate.entity_of_model('stg') -%}
    {{ config(
        materialized='stable_view',
        schema='staging',
        meta={'layer': {'kind': 'stg', 'entities': [entity]}},
    ) }}
    {%- set base = ref('base_' ~ entity) -%}
    select
        _dataset,
        _record_key,
        _record_id,
        _batch_id,
        _worker_id,
        _checksum,
        _loaded_at,
        _version_number,
        {%- for column in trustgate.declared_columns(entity) %}
        {{ column }},
        {%- endfor %}
        _dq_status as dq_status,
        _dq_score as dq_score,
        _checked_at
    from {{ base }} as version
    where {{ trustgate.is_promotable('version', base) }}
{%- endmacro %}
