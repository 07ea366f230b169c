{#-
    Exactly one version is the latest, and stg
    holds exactly the latest good one, or none where all failed. A failing row is a key of which that is not so.
-#}
{{ config(severity='warn') }}

with

{% for entity in trustgate.setting('entities') -%}
{%- set base = trustgate.project_ref('base_' ~ entity) -%}
{{ entity }}_touched as (
    select distinct
        _dataset,
        _record_key
    from {{ base }}
),

{{ entity }}_versions as (
    select
        version._dataset,
        version._record_key,
        count(*) filter (where version._is_latest) as latest_count,
        array_agg(version._record_id) filter (
            where {{ trustgate.is_promotable('version', base) | indent(12) }}
        ) as good_ids
    from {{ base }} as version
    inner join {{ entity }}_touched as touched
        on version._record_key = touched._record_key and version._dataset = touched._dataset
    group by version._dataset, version._record_key
),

{{ entity }} as (
    select
        '{{ entity }}' as entity,
        versions._dataset,
        versions._record_key,
        versions.latest_count,
        versions.good_ids,
        good._record_id as stg_id
    from {{ entity }}_versions as versions
    left join {{ trustgate.project_ref('stg_' ~ entity) }} as good
        on versions._record_key = good._record_key and versions._dataset = good._dataset
),

{% endfor -%}
final as (
    {%- for entity in trustgate.setting('entities') %}
    select * from {{ entity }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select *
from final
where
    latest_count <> 1
    or good_ids is distinct from (case when stg_id is not null then array[stg_id] end)
