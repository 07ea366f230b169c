select charges.charge_id, charges._record_id
from {{ ref('base_plain_charges') }} as charges
left join {{ ref('stg_purchases') }} as purchases on charges.purchase_id = purchases.purchase_id
where charges.purchase_id is not null and purchases.purchase_id is null
