select charge_id, _record_id
from {{ ref('raw_charges') }}
where {{ trustgate.parse('paid_at', 'timestamptz') }} is null and btrim(paid_at) <> ''
