select charge_id, _record_id from {{ ref('base_plain_charges') }} where paid_at > _loaded_at
