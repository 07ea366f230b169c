{#- Fate of every record ever received: one row per record. -#}
{{ trustgate.quality_view() }}

with

{% for entity in trustgate.setting('entities') -%}
{{ entity }} as (
    select
        version._dataset as dataset,
        '{{ entity }}'::text as entity,
        version._record_id as record_id,
        version._record_key as record_key,
        version._batch_id as batch_id,
        version._row_number as row_number,
        {{ trustgate.fate('version', 'good') | indent(8) }} as fate
    from {{ trustgate.project_ref('base_' ~ entity) }} as version
    left join {{ trustgate.project_ref('stg_' ~ entity) }} as good
        on version._record_key = good._record_key and version._dataset = good._dataset
    union all
    select
        received._dataset,
        '{{ entity }}' as entity,
        received._record_id,
        received._record_id::text as record_key,
        received._batch_id,
        received._row_number,
        case when batches.status = 'REJECTED' then 'REJECTED' else 'PENDING' end as fate
    from {{ trustgate.project_ref('raw_' ~ entity) }} as received
    left join {{ trustgate.bookkeeping('batches') }} as batches on received._batch_id = batches.batch_id
    where
        received._batch_id in (
            {{ trustgate.unchecked_batches(entity) | indent(12) }}
        )
        or received._batch_id in (
            {{ trustgate.excluded_batches(entity) }}
        )
),
{% endfor %}
rejected as (
    select
        batches.dataset,
        batches.entity,
        null::uuid as record_id,
        rejects.batch_id || ':' || rejects.row_number as record_key,
        rejects.batch_id,
        rejects.row_number,
        'REJECTED' as fate
    from {{ trustgate.bookkeeping('rejects') }} as rejects
    inner join {{ trustgate.bookkeeping('batches') }} as batches on rejects.batch_id = batches.batch_id
),

final as (
    {%- for entity in trustgate.setting('entities') %}
    select * from {{ entity }}
    union all
    {%- endfor %}
    select * from rejected
)

select * from final
