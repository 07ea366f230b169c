select charge_id, _record_id from {{ ref('base_plain_charges') }} where amount > 1000000
