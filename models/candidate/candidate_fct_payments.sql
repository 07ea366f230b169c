{#- Payments as they would be published: the latest good version of each. -#}
{{ config(
    alias='fct_payments',
    unique_key='payment_id',
    incremental_predicates=['_record_id is not null'],
    indexes=[
        {'columns': ['payment_id'], 'unique': true},
        {'columns': ['order_id']},
        {'columns': ['_record_id']},
        {'columns': ['_record_key']},
        {'columns': ['reconciled_at'], 'type': 'brin'},
    ],
    pre_hook=[
        "{{ trustgate.open_window('orders', ['recon_order_totals', 'recon_payments_orders'], trustgate.active_dataset()) }}",
        "{{ trustgate.open_window('payments', ['recon_order_totals', 'recon_payments_orders'], trustgate.active_dataset()) }}",
        "{{ trustgate.settle('touched', touched_orders()) }}",
        "{{ trustgate.settle('scope', touched_payments()) }}",
    ],
    post_hook=[
        "{{ trustgate.expression_index('paid_date', \"(paid_at at time zone 'UTC')::date\") }}",
        "{{ trustgate.close_window('orders', trustgate.active_dataset()) }}",
        "{{ trustgate.close_window('payments', trustgate.active_dataset()) }}",
    ],
) }}
-- depends_on: {{ ref('base_orders') }} {{ ref('base_payments') }} {{ trustgate.bookkeeping('former_records') }}

with

payments as (
    select * from {{ ref('stg_payments') }}
    where
        _dataset = '{{ trustgate.active_dataset() }}'
        {%- if is_incremental() %}
        and _record_key in (select payment_id from {{ model.name }}__scope)
        {%- else %}
        and true
        {%- endif %}
),

orders as (
    select * from {{ ref('stg_orders') }} where _dataset = '{{ trustgate.active_dataset() }}'
),

orphaned as (
    select record_key as order_id
    from {{ ref('recon_payments_orders') }}
    where match_status = 'SOURCE_ONLY'
),

mismatched as (
    select record_key as order_id from {{ ref('recon_order_totals') }} where not is_summary
),

joined as (
    select
        payments.*,
        orders.customer_id,
        case
            when orphaned.order_id is not null then 'ORPHAN'
            when mismatched.order_id is not null then 'MISMATCHED'
            when orders.order_total is not null and payments.status = 'captured' then 'MATCHED'
            else 'NOT_RECONCILED'
        end as reconciliation_status,
        now() as reconciled_at
    from payments
    left join orders on payments.order_id = orders._record_key
    left join orphaned on payments.order_id = orphaned.order_id
    left join mismatched on payments.order_id = mismatched.order_id
),

final as (
    select
        {{ 'scope' if is_incremental() else 'joined' }}.payment_id,
        joined._dataset,
        joined._record_key,
        joined._record_id,
        joined._batch_id,
        joined._worker_id,
        joined._checksum,
        joined.order_id,
        joined.customer_id,
        joined.method,
        joined.amount,
        joined.currency,
        joined.status,
        joined.paid_at,
        joined.updated_at,
        joined.dq_status,
        joined.dq_score,
        joined.reconciliation_status,
        joined.reconciled_at
    {%- if is_incremental() %}
    from {{ model.name }}__scope as scope
    left join joined on scope.payment_id = joined.payment_id
    {%- else %}
    from joined
    {%- endif %}
)

select * from final
