{#- Postings as they would be published: the latest good version of each. -#}
{{ config(
    alias='fct_postings',
    unique_key=['batch_number', 'sequence_number'],
    incremental_predicates=['_record_id is not null'],
    indexes=[
        {'columns': ['batch_number', 'sequence_number'], 'unique': true},
        {'columns': ['_record_id']},
    ],
    pre_hook="{{ trustgate.open_window('postings', ['stg_postings'], trustgate.active_dataset()) }}",
    post_hook="{{ trustgate.close_window('postings', trustgate.active_dataset()) }}",
) }}
-- depends_on: {{ ref('base_postings') }} {{ trustgate.bookkeeping('former_records') }}

with

postings as (
    select * from {{ ref('stg_postings') }} where _dataset = '{{ trustgate.active_dataset() }}'
),

{% if is_incremental() %}
scope as (
    select
        batch_number,
        sequence_number
    from (
        {{ trustgate.changed_records('postings') }}
    ) as changed
    where batch_number is not null and sequence_number is not null
    union
    select
        batch_number,
        sequence_number
    from {{ this }}
    where {{ trustgate.is_reset(['postings']) }}
),
{% else %}
scope as (
    select
        batch_number,
        sequence_number
    from postings
),
{% endif %}

final as (
    select
        scope.batch_number,
        scope.sequence_number,
        postings._dataset,
        postings._record_key,
        postings._record_id,
        postings._batch_id,
        postings._worker_id,
        postings._checksum,
        postings.account,
        postings.product_code,
        postings.side,
        postings.amount,
        postings.transaction_date,
        postings.dq_status,
        postings.dq_score,
        'NOT_RECONCILED' as reconciliation_status,
        null::timestamptz as reconciled_at
    from scope
    left join postings
        on scope.batch_number = postings.batch_number and scope.sequence_number = postings.sequence_number
)

select * from final
