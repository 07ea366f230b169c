{#- Postings as they would be published: the latest good version of each. -#}
{{ trustgate.candidate(of='postings', key=['batch_number', 'sequence_number']) }}

select
    batch_number,
    sequence_number,
    _dataset,
    _record_key,
    _record_id,
    _batch_id,
    _worker_id,
    _checksum,
    account,
    product_code,
    side,
    amount,
    transaction_date,
    dq_status,
    dq_score,
    'NOT_RECONCILED' as reconciliation_status,
    null::timestamptz as reconciled_at
from {{ trustgate.promoted('postings') }} as postings
