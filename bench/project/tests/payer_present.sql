select charge_id, _record_id from {{ ref('plain_charges') }} where payer_email is null
