{#- Conservation, batch by batch: what was sent is what the fates add up to. A failing row is a batch that does not balance. -#}
{{ config(severity='warn') }}

select
    dataset,
    batch_id,
    expected_value as sent_count,
    actual_value as accounted_count
from {{ ref('trustgate', 'recon_balance') }}
where not is_summary and match_status <> 'MATCHED'
