{#- Keys that do not match, of every row reconciliation, as they stand for the active dataset. -#}
{{ trustgate.quality_view() }}

with

{% for name in trustgate.setting('reconciliations') %}
{{ name }} as (select * from {{ trustgate.project_ref(name) }}),
{% endfor %}
final as (
    {%- for name in trustgate.setting('reconciliations') %}
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
    from {{ name }}
    where kind = 'rows' and not is_summary
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
