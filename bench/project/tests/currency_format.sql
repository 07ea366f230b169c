select charge_id, _record_id from {{ ref('base_plain_charges') }} where currency !~ '^[A-Z]{3}$' or currency is null
