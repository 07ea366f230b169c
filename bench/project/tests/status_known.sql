select charge_id, _record_id from {{ ref('base_plain_charges') }} where status not in ('authorized', 'captured', 'refunded', 'failed')
