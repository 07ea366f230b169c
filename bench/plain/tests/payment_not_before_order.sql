select
    payments.payment_id,
    payments.paid_at,
    orders.ordered_at
from {{ ref('stg_payments') }} as payments
inner join {{ ref('stg_orders') }} as orders on payments.order_id = orders.order_id
where payments.paid_at < orders.ordered_at
