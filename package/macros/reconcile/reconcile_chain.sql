{#-
    SQL of the chain of every registered entity, batch by batch and worker by worker: records,
    amount and hash of each layer against the layer before it. One row per link, batch, worker and
    measure, equal ones too.

    Links: control -> raw (what the loader counted), raw -> base (all records), stg -> candidate. A
    measure that the layer before does not have is not compared: a load always has the count, and
    the amount where a control file gives one. The chain of an excluded batch ends in raw. Worker -1
    is the whole batch. A deep run computes raw's hash again from what raw holds, so that a record
    altered after the load no longer agrees with its checksum in base.
-#}
{% macro reconcile_chain() -%}
{%- set followed = [] -%}
{%- for entity in trustgate.setting('entities') -%}
    {%- do followed.append({'entity': entity}) -%}
    {%- for kind in ['raw', 'base', 'candidate'] -%}
        {%- do trustgate.project_ref(trustgate.model_of_layer(kind, entity)) -%}
    {%- endfor -%}
{%- endfor -%}
{{ trustgate.configure_reconciliation({'chain': followed}) }}
{%- set dataset = trustgate.active_dataset() -%}
with

points as (
    {%- for entity in trustgate.setting('entities') %}
    {{ trustgate.chain_points(entity, dataset) | indent(4) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

excluded as (
    {%- for entity in trustgate.setting('entities') %}
    {{ trustgate.excluded_batches(entity) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

links (source_layer, target_layer) as (
    values ('control', 'raw'), ('raw', 'base'), ('stg', 'candidate')
),

linked as (
    select
        links.source_layer,
        links.target_layer,
        source.entity,
        source.batch_id,
        source.worker_id,
        source.record_count as expected_count,
        coalesce(target.record_count, 0) as actual_count,
        source.amount_total as expected_amount,
        target.amount_total as actual_amount,
        source.row_hash as expected_hash,
        coalesce(target.row_hash, '0:0:0') as actual_hash
    from links
    inner join points as source on links.source_layer = source.layer
    left join points as target
        on links.target_layer = target.layer and source.entity = target.entity
        and source.batch_id = target.batch_id and source.worker_id = target.worker_id
    where
        links.source_layer = 'control'
        or (
            source.worker_id >= 0
            and not (source.layer = 'raw' and source.batch_id in (select batch_id from excluded))
        )
    union all
    {#- What a layer holds and the one before it does not. #}
    select
        links.source_layer, links.target_layer, target.entity, target.batch_id, target.worker_id,
        0, target.record_count, null, null, null, null
    from links
    inner join points as target on links.target_layer = target.layer
    where target.worker_id >= 0 and links.source_layer <> 'control' and not exists (
        select 1 from points as source
        where links.source_layer = source.layer and source.entity = target.entity
            and source.batch_id = target.batch_id and source.worker_id = target.worker_id
    )
),

measured as (
    select
        *,
        'count' as measure,
        expected_count::numeric as expected_value,
        actual_count::numeric as actual_value,
        expected_count = actual_count as is_same
    from linked
    union all
    select
        *, 'amount', expected_amount, coalesce(actual_amount, 0),
        expected_amount = coalesce(actual_amount, 0)
    from linked
    where expected_amount is not null
    union all
    select *, 'hash', null, null, expected_hash = actual_hash
    from linked
    where expected_hash is not null
),

mismatches as (
    select
        {{ trustgate.record_key([
            'batch_id', 'worker_id', "source_layer || ' to ' || target_layer",
        ]) }} as record_key,
        batch_id,
        case when is_same then 'MATCHED' else 'MISMATCHED' end as match_status,
        jsonb_build_object(
            'entity', entity, 'batch_id', batch_id, 'worker_id', nullif(worker_id, -1),
            'source', source_layer, 'target', target_layer
        ) as grain,
        null::date as metric_date,
        measure as metric_name,
        expected_value,
        actual_value,
        '0'::text as tolerance,
        actual_value - expected_value as discrepancy,
        case when measure = 'hash' then jsonb_build_object(
            'hash', jsonb_build_object(
                'source', expected_hash, 'target', actual_hash, 'match', is_same
            )
        ) end as field_comparisons,
        null::text[] as mismatched_fields,
        expected_count as source_count,
        actual_count as target_count
    from measured
),

counted as (
    select
        null::bigint as source_count,
        null::bigint as target_count,
        null::bigint as compared
),

{{ trustgate.reconciliation_result('chain', dataset, false) }}
{%- endmacro %}
