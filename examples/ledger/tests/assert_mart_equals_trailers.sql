{#- Fully promoted batches whose count or amount in the mart differs from the trailer. -#}
{{ config(severity='error') }}

with

sent as (
    select
        batches.sender_batch_id as batch_number,
        sum(batches.expected_count) as expected_count,
        sum(batches.expected_amount) as expected_amount
    from {{ trustgate.bookkeeping('batches') }} as batches
    inner join {{ ref('trustgate', 'batch_balance') }} as balance on batches.batch_id = balance.batch_id
    where batches.dataset = '{{ trustgate.active_dataset() }}'
    group by batches.sender_batch_id
    having bool_and(batches.status = 'LOADED' and balance.promoted = batches.expected_count)
),

published as (
    select
        batch_number,
        count(*) as actual_count,
        sum(amount) as actual_amount
    from {{ ref('fct_postings') }}
    group by batch_number
),

final as (
    select
        sent.batch_number,
        sent.expected_count,
        published.actual_count,
        sent.expected_amount,
        published.actual_amount
    from sent
    left join published on sent.batch_number = published.batch_number
    where
        (sent.expected_count, sent.expected_amount)
        is distinct from (published.actual_count, published.actual_amount)
)

select * from final
