select charge_id, _record_id from {{ ref('base_plain_charges') }} where payer_email !~ '^[a-z0-9._-]+@[a-z0-9-]+[.][a-z]{2,}$'
