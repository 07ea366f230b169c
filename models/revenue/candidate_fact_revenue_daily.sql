{#- Revenue of each day and currency as it would be published: captured payments by day of payment (UTC). -#}
{{ trustgate.candidate(
    of='payments',
    key={'revenue_date': "(paid_at at time zone 'UTC')::date", 'currency': 'currency'},
    follows={'orders': 'order_id', 'payments': 'order_id'},
) }}

with

payments as (
    select
        payments.*,
        (payments.paid_at at time zone 'UTC')::date as revenue_date
    from {{ trustgate.in_scope(ref('candidate_fct_payments')) }} as payments
    where
        payments.status = 'captured'
        and payments.paid_at is not null
        and payments.currency is not null
),

final as (
    select
        revenue_date,
        currency,
        _dataset,
        count(*) as payment_count,
        count(distinct order_id) as order_count,
        sum(amount)::numeric(16, 2) as revenue,
        case when bool_or(dq_status = 'WARNING') then 'WARNING' else 'PASSED' end as dq_status,
        round(avg(dq_score), 2) as dq_score,
        case
            when bool_or(reconciliation_status = 'ORPHAN') then 'ORPHAN'
            when bool_or(reconciliation_status = 'MISMATCHED') then 'MISMATCHED'
            when bool_and(reconciliation_status = 'MATCHED') then 'MATCHED'
            else 'NOT_RECONCILED'
        end as reconciliation_status,
        now() as reconciled_at
    from payments
    group by revenue_date, currency, _dataset
)

select * from final
