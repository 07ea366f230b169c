{#- Status of each record in each stage. One row per record and stage (raw, base, stg). -#}
{{ trustgate.quality_view() }}

with

fates as (select * from {{ ref('trustgate', 'record_fates') }}),

requested as (
    select distinct
        dataset,
        entity,
        record_key
    from {{ trustgate.bookkeeping('reprocess_requests') }} as request
    where
        record_key is not null
        and not exists (
            select 1
            from {{ trustgate.bookkeeping('served_requests') }} as served
            where served.request_id = request.request_id
        )
),

final as (
    select
        fates.dataset,
        fates.entity,
        fates.record_id,
        fates.record_key,
        fates.batch_id,
        stages.stage,
        stages.status
    from fates
    left join requested
        on
            fates.dataset = requested.dataset
            and fates.entity = requested.entity
            and fates.record_key = requested.record_key
    cross join lateral (
        values
        ('raw', case when fates.fate = 'REJECTED' then 'FAILED' else 'PROCESSED' end),
        (
            'base',
            case
                when fates.fate = 'REJECTED' then 'SKIPPED'
                when fates.fate = 'PENDING' then 'PENDING'
                when requested.record_key is not null then 'REPROCESSING'
                when fates.fate = 'QUARANTINED' then 'FAILED'
                else 'PROCESSED'
            end
        ),
        (
            'stg',
            case
                when fates.fate = 'PENDING' then 'PENDING'
                when fates.fate = 'PROMOTED' then 'PROCESSED'
                else 'SKIPPED'
            end
        )
    ) as stages (stage, status)
)

select * from final
