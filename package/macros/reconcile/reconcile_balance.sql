{#-
    SQL of the balance of every batch of the active dataset: records sent against the sum of the
    fates of its records, each counted in the layer that decides it (`layer_totals`). One row per
    batch.
-#}
{% macro reconcile_balance() -%}
{%- set followed = [] -%}
{%- for entity in trustgate.setting('entities') -%}
    {%- do followed.append({'entity': entity}) -%}
    {%- for kind in ['raw', 'base', 'candidate'] -%}
        {%- do trustgate.project_ref(trustgate.model_of_layer(kind, entity)) -%}
    {%- endfor -%}
{%- endfor -%}
{{ trustgate.configure_reconciliation({'chain': followed}) }}
{%- set dataset = trustgate.active_dataset() -%}
{%- do ref('trustgate', 'recon_chain') -%}
with

balanced as (
    {%- for entity in trustgate.setting('entities') %}
    select *
    from (
        {{ trustgate.fates_by_batch(entity) | indent(8) }}
    ) as fates
    where dataset = {{ trustgate.literal(dataset) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

mismatches as (
    select
        batch_id as record_key,
        batch_id,
        case when sent = accounted then 'MATCHED' else 'MISMATCHED' end as match_status,
        jsonb_build_object('entity', entity, 'batch_id', batch_id) as grain,
        null::date as metric_date,
        'records'::text as metric_name,
        sent::numeric as expected_value,
        accounted::numeric as actual_value,
        '0'::text as tolerance,
        (accounted - sent)::numeric as discrepancy,
        jsonb_build_object(
            'rejected', rejected, 'pending', pending, 'duplicate', duplicate,
            'superseded', superseded, 'quarantined', quarantined, 'promoted', promoted
        ) as field_comparisons,
        null::text[] as mismatched_fields,
        sent as source_count,
        accounted as target_count
    from (
        select
            *,
            rejected + pending + duplicate + superseded + quarantined + promoted as accounted
        from balanced
    ) as balanced
),

counted as (
    select
        null::bigint as source_count,
        null::bigint as target_count,
        null::bigint as compared
),

{{ trustgate.reconciliation_result('balance', dataset, false) }}
{%- endmacro %}
