{#- Results of every reconciliation, for the dataset that it last compared. -#}
{{ trustgate.quality_view() }}

{% for name in trustgate.all_reconciliations() %}
select
    is_summary,
    record_key,
    metric_name,
    dataset,
    reconciliation,
    kind,
    batch_id,
    match_status,
    grain,
    metric_date,
    expected_value,
    actual_value,
    tolerance,
    discrepancy,
    field_comparisons,
    mismatched_fields,
    source_count,
    target_count,
    compared,
    run_id,
    checked_at
from {{ trustgate.project_ref(name) }}
{{ 'union all' if not loop.last }}
{% endfor %}
