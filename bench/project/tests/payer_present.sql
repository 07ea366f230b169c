select charge_id, _record_id from {{ ref('base_plain_charges') }} where payer_email is null
