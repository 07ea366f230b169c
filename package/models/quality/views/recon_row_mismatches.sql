{#- Current mismatches of every reconciliation of rows, for the active dataset. -#}
{{ trustgate.quality_view() }}

select
    run_id,
    dataset,
    reconciliation,
    record_key,
    batch_id,
    match_status,
    field_comparisons,
    mismatched_fields,
    discrepancy,
    source_count,
    target_count,
    checked_at as detected_at
from {{ ref('trustgate', 'reconciled') }}
where kind = 'rows' and not is_summary
