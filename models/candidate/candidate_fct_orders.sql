{#- Orders as they would be published: the latest good version of each, with what was paid for it. -#}
{{ config(
    alias='fct_orders',
    unique_key='order_id',
    incremental_predicates=['_record_id is not null'],
    indexes=[
        {'columns': ['order_id'], 'unique': true},
        {'columns': ['_record_id']},
        {'columns': ['reconciled_at'], 'type': 'brin'},
    ],
    pre_hook=[
        "{{ trustgate.open_window('orders', ['recon_order_totals', 'recon_payments_orders'], trustgate.active_dataset()) }}",
        "{{ trustgate.open_window('payments', ['recon_order_totals', 'recon_payments_orders'], trustgate.active_dataset()) }}",
        "{{ trustgate.settle('touched', touched_orders()) }}",
    ],
    post_hook=[
        "{{ trustgate.close_window('orders', trustgate.active_dataset()) }}",
        "{{ trustgate.close_window('payments', trustgate.active_dataset()) }}",
    ],
) }}
-- depends_on: {{ ref('base_orders') }} {{ ref('base_payments') }} {{ trustgate.bookkeeping('former_records') }}

with

orders as (
    select * from {{ ref('stg_orders') }}
    where
        _dataset = '{{ trustgate.active_dataset() }}'
        {%- if is_incremental() %}
        and _record_key in (select order_id from {{ model.name }}__touched)
        {%- else %}
        and true
        {%- endif %}
),

paid as (
    select
        order_id,
        count(*) as payment_count,
        sum(amount) as paid_total
    from {{ ref('stg_payments') }}
    where
        _dataset = '{{ trustgate.active_dataset() }}' and status = 'captured'
        {%- if is_incremental() %}
        and order_id in (select order_id from {{ model.name }}__touched)
        {%- else %}
        and true
        {%- endif %}
    group by order_id
),

unpaid as (
    select record_key as order_id
    from {{ ref('recon_payments_orders') }}
    where match_status = 'TARGET_ONLY'
),

mismatched as (
    select record_key as order_id from {{ ref('recon_order_totals') }} where not is_summary
),

joined as (
    select
        orders._dataset,
        orders._record_id,
        orders._batch_id,
        orders._worker_id,
        orders._checksum,
        orders.order_id,
        orders.customer_id,
        orders.status,
        orders.currency,
        orders.order_total,
        paid.paid_total,
        coalesce(paid.payment_count, 0) as payment_count,
        orders.ordered_at,
        orders.updated_at,
        orders.dq_status,
        orders.dq_score,
        case
            when unpaid.order_id is not null then 'ORPHAN'
            when mismatched.order_id is not null then 'MISMATCHED'
            when orders.order_total is not null and paid.paid_total is not null then 'MATCHED'
            else 'NOT_RECONCILED'
        end as reconciliation_status,
        now() as reconciled_at
    from orders
    left join paid on orders.order_id = paid.order_id
    left join unpaid on orders.order_id = unpaid.order_id
    left join mismatched on orders.order_id = mismatched.order_id
),

{% if is_incremental() %}
scope as (
    select order_id from {{ model.name }}__touched where order_id is not null
    union
    select order_id from {{ this }} where {{ trustgate.is_reset(['orders', 'payments']) }}
),
{% endif %}

final as (
    select
        {{ 'scope' if is_incremental() else 'joined' }}.order_id,
        joined._dataset,
        joined._record_id,
        joined._batch_id,
        joined._worker_id,
        joined._checksum,
        joined.customer_id,
        joined.status,
        joined.currency,
        joined.order_total,
        joined.paid_total,
        joined.payment_count,
        joined.ordered_at,
        joined.updated_at,
        joined.dq_status,
        joined.dq_score,
        joined.reconciliation_status,
        joined.reconciled_at
    {%- if is_incremental() %}
    from scope
    left join joined on scope.order_id = joined.order_id
    {%- else %}
    from joined
    {%- endif %}
)

select * from final
