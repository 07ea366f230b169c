select charge_id, _record_id
from {{ ref('raw_charges') }}
where {{ trustgate.parse('amount', 'numeric(14,2)') }} is null and btrim(amount) <> ''
