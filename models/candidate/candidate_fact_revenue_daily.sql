{#- Revenue of each day and currency as it would be published: captured payments by the day they were made (UTC). -#}
{{ config(
    alias='fact_revenue_daily',
    unique_key=['revenue_date', 'currency'],
    incremental_predicates=['_dataset is not null'],
    indexes=[{'columns': ['revenue_date', 'currency'], 'unique': true}],
    pre_hook=[
        "{{ trustgate.open_window('orders', ['candidate_fct_payments'], trustgate.active_dataset()) }}",
        "{{ trustgate.open_window('payments', ['candidate_fct_payments'], trustgate.active_dataset()) }}",
        "{{ trustgate.settle('touched', touched_orders()) }}",
        "{{ trustgate.settle('scope', touched_revenue_days()) }}",
    ],
    post_hook=[
        "{{ trustgate.close_window('orders', trustgate.active_dataset()) }}",
        "{{ trustgate.close_window('payments', trustgate.active_dataset()) }}",
    ],
) }}
-- depends_on: {{ ref('base_orders') }} {{ ref('base_payments') }} {{ trustgate.bookkeeping('former_records') }}

with

payments as (
    select
        *,
        (paid_at at time zone 'UTC')::date as revenue_date
    from {{ ref('candidate_fct_payments') }}
    where
        status = 'captured' and paid_at is not null and currency is not null
        {%- if is_incremental() %}
        and ((paid_at at time zone 'UTC')::date, currency) in (
            select
                revenue_date,
                currency
            from {{ model.name }}__scope
        )
        {%- else %}
        and true
        {%- endif %}
),

days as (
    select
        revenue_date,
        currency,
        _dataset,
        count(*) as payment_count,
        count(distinct order_id) as order_count,
        sum(amount) as revenue,
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
),

final as (
    select
        {{ 'scope' if is_incremental() else 'days' }}.revenue_date,
        {{ 'scope' if is_incremental() else 'days' }}.currency,
        days._dataset,
        days.payment_count,
        days.order_count,
        days.revenue,
        days.dq_status,
        days.dq_score,
        days.reconciliation_status,
        days.reconciled_at
    {%- if is_incremental() %}
    from {{ model.name }}__scope as scope
    left join days on scope.revenue_date = days.revenue_date and scope.currency = days.currency
    where scope.revenue_date is not null and scope.currency is not null
    {%- else %}
    from days
    {%- endif %}
)

select * from final
