select
    payments.payment_id,
    payments.currency,
    orders.currency as order_currency
from {{ ref('stg_payments') }} as payments
inner join {{ ref('stg_orders') }} as orders on payments.order_id = orders.order_id
where payments.currency <> orders.currency
