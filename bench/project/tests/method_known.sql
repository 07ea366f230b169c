select charge_id, _record_id from {{ ref('base_plain_charges') }} where method not in ('credit_card', 'boleto', 'voucher', 'debit_card', 'transfer')
