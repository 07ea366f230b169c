{{ config(materialized='view') }}
select
    '{{ env_var('TRUSTGATE_DATASET') }}' as dataset,
    'things' as entity,
    'T-' || number as record_key,
    'thing_amount_parses' as check_id,
    'ERROR' as severity,
    'amount is not a number' as message,
    jsonb_build_object('actual', '12.5.0', 'expected', 'numeric(14,2)') as details
from generate_series(1, 12) as number
where '{{ env_var('TRUSTGATE_DATASET') }}' = 'bad'
