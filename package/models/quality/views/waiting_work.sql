{#-
    Waiting work: batches not evaluated yet, batches on hold, and requests not served yet. One row
    per batch or request. Never reads all of raw.
-#}
{{ trustgate.quality_view() }}

{%- set limits = trustgate.waiting_limits(trustgate.setting('stuck_after_hours')) %}

with

batches as (select * from {{ trustgate.bookkeeping('batches') }}),

{% for entity in trustgate.setting('entities') -%}
{{ entity }} as (
    select
        batches.batch_id,
        batches.dataset,
        batches.loaded_count as record_count,
        batches.loaded_at as since
    from batches
    where
        batches.entity = '{{ entity }}'
        and batches.status in ('LOADED', 'RELEASED')
        and batches.loaded_count > 0
        and not ({{ trustgate.holds_batch(trustgate.project_ref('raw_' ~ entity), 'batches.batch_id') }})
    union all
    select
        unchecked._batch_id as batch_id,
        found.dataset,
        found.record_count,
        found.since
    from (
        {{ trustgate.unchecked_batches(entity) | indent(8) }}
    ) as unchecked
    cross join lateral (
        select
            min(received._dataset) as dataset,
            count(*) as record_count,
            min(received._loaded_at) as since
        from {{ trustgate.project_ref('raw_' ~ entity) }} as received
        where received._batch_id = unchecked._batch_id
    ) as found
),
{% endfor %}
waiting as (
    {%- for entity in trustgate.setting('entities') %}
    select
        dataset,
        '{{ entity }}'::text as entity,
        'check'::text as waits_for,
        batch_id,
        null::uuid as request_id,
        record_count,
        since,
        {{ limits.records }}::numeric as hours
    from {{ entity }}
    union all
    {%- endfor %}
    select
        dataset,
        entity,
        'release' as waits_for,
        batch_id,
        null as request_id,
        loaded_count as record_count,
        loaded_at as since,
        {{ limits.batches }} as hours
    from batches
    where status = 'HELD'
    union all
    select
        dataset,
        entity,
        'reprocessing' as waits_for,
        batch_id,
        request_id,
        case when scope = 'key' then 1 end as record_count,
        requested_at as since,
        {{ limits.records }} as hours
    from {{ trustgate.bookkeeping('reprocess_requests') }} as request
    where
        not exists (
            select 1
            from {{ trustgate.bookkeeping('served_requests') }} as served
            where served.request_id = request.request_id
        )
),

final as (
    select
        dataset,
        entity,
        waits_for,
        batch_id,
        request_id,
        record_count,
        since,
        hours > 0 and since < now() - hours * interval '1 hour' as is_stuck
    from waiting
)

select * from final
